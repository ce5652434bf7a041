import { createHmac } from "node:crypto";
import type { ExamplePlace } from "./examples.ts";
import { type ChatMessage, type FakeService, fakeService, type ServiceCall } from "./fake-service.ts";
import type { Program } from "./program.ts";

/** A chat service with a bot in it: what a person does there, and what the bot made of it. */
export interface FakeChat extends AsyncDisposable {
  service: FakeService;
  start(place: ExamplePlace): Promise<Program>;
  /** The same `id` is the same message, delivered again. */
  say(words: { conversation: string; user: string; text: string; id: number }): Promise<void>;
  /** Presses a button of the newest message that has some, or writes its word. */
  press(words: { conversation: string; user: string; reply: "once" | "session" | "reject" }): Promise<void>;
}

const people = { BOT_USERS: "7,8", BOT_APPROVERS: "7" };

/** The Bot API, over long polling. */
export async function fakeTelegram(): Promise<FakeChat> {
  const updates: { update_id: number }[] = [];
  const chat = (conversation: string) => ({ id: Number(conversation), type: "private", first_name: "Peel" });
  const from = (user: string) => ({ id: Number(user), is_bot: false, first_name: "Peel" });
  const sent = ({ id, conversation, text }: ChatMessage) => ({ message_id: Number(id), date: 0, chat: chat(conversation), text });
  const methods: Record<string, (body: ServiceCall["body"], signal: AbortSignal) => unknown> = {
    getMe: () => ({ id: 1, is_bot: true, first_name: "Codeport", username: "codeport_bot" }),
    deleteWebhook: () => true,
    answerCallbackQuery: () => true,
    async getUpdates({ offset = 0, timeout }, signal) {
      const fresh = () => updates.filter(({ update_id }) => update_id >= Number(offset));
      const gone = new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
      if (timeout) await Promise.race([service.until(() => fresh().length > 0), gone]);
      return fresh();
    },
    sendMessage({ chat_id, text, reply_markup }) {
      const rows = (reply_markup as { inline_keyboard?: { callback_data: string }[][] } | undefined)?.inline_keyboard ?? [];
      const buttons = rows.flat().map(({ callback_data }) => callback_data);
      return sent(service.add({ conversation: String(chat_id), text: String(text), buttons }));
    },
    editMessageText({ message_id, text }) {
      service.edit(String(message_id), { text: String(text), buttons: [] });
      return true;
    },
  };
  const service = await fakeService(async ({ path, body }, signal) => {
    const method = path.slice(path.lastIndexOf("/") + 1);
    return { ok: true, result: await methods[method]?.(body, signal) };
  });
  // Any call makes the waiting look again.
  const deliver = async (update: object) => {
    updates.push({ update_id: updates.length + 1, ...update });
    await fetch(`${service.url}/bot/getMe`, { method: "POST" });
  };
  return {
    service,
    async start(place) {
      const env = { ...people, TELEGRAM_TOKEN: "1:token", TELEGRAM_API: service.url };
      const program = await place.start(["telegram/telegram.ts"], { env });
      await program.seen("stdout", /@codeport_bot listens/);
      return program;
    },
    say: ({ conversation, user, text, id }) =>
      deliver({ message: { message_id: id, date: 0, chat: chat(conversation), from: from(user), text } }),
    async press({ conversation, user, reply }) {
      const { message, data } = buttonOf(service, conversation, reply);
      await deliver({ callback_query: { id: "1", chat_instance: "1", from: from(user), message: sent(message), data } });
    },
    [Symbol.asyncDispose]: () => service[Symbol.asyncDispose](),
  };
}

/** The Web API, and signed requests as the Events API sends them. A conversation is a direct message with the thread `1.0`. */
export async function fakeSlack(): Promise<FakeChat> {
  const service = await fakeService(({ path, body }) => {
    const { channel, ts, text = "", blocks } = body as Record<string, string>;
    if (path.endsWith("/auth.test")) return { ok: true, user_id: "UBOT", bot_id: "BBOT", team_id: "T1" };
    if (path.endsWith("/chat.postMessage")) {
      const elements = (JSON.parse(blocks ?? "[]") as { elements?: { action_id: string; value: string }[] }[]).flatMap(
        (block) => block.elements ?? [],
      );
      const buttons = elements.map(({ action_id, value }) => `${action_id} ${value}`);
      return { ok: true, ts: service.add({ conversation: String(channel), text, buttons }).id, channel };
    }
    if (path.endsWith("/chat.update")) service.edit(String(ts), { text, buttons: [] });
    return { ok: true, ts };
  });
  let address = "";
  const deliver = (body: string, type: string, secret = "signing") => {
    const time = String(Math.floor(Date.now() / 1000));
    const signature = `v0=${createHmac("sha256", secret).update(`v0:${time}:${body}`).digest("hex")}`;
    const headers = { "content-type": type, "x-slack-request-timestamp": time, "x-slack-signature": signature };
    return post(address, { headers, body, expected: secret === "signing" ? 200 : 401 });
  };
  const event = (words: { conversation: string; user: string; text: string; id: number }, secret?: string) => {
    const { conversation: channel, user, text, id } = words;
    const said = { type: "message", channel_type: "im", channel, user, text, ts: `${id}.0`, thread_ts: "1.0" };
    return deliver(JSON.stringify({ type: "event_callback", team_id: "T1", event: said }), "application/json", secret);
  };
  return {
    service,
    async start(place) {
      const env = { ...people, SLACK_BOT_TOKEN: "xoxb-1", SLACK_SIGNING_SECRET: "signing", SLACK_API: `${service.url}/api/`, PORT: "0" };
      const program = await place.start(["slack/slack.ts"], { env });
      const [, port] = await program.seen("stdout", /Listens on port (\d+)/);
      address = `http://127.0.0.1:${port}/slack/events`;
      await event({ conversation: "D0", user: "7", text: "forged", id: 1 }, "another secret");
      return program;
    },
    say: event,
    async press({ conversation, user, reply }) {
      const { message, data } = buttonOf(service, conversation, reply);
      const [action_id, value] = data.split(" ");
      const payload = {
        ...{ type: "block_actions", team: { id: "T1" }, user: { id: user }, channel: { id: conversation } },
        container: { type: "message", message_ts: message.id, channel_id: conversation, thread_ts: "1.0" },
        actions: [{ type: "button", block_id: "b", action_id, value }],
        response_url: `${service.url}/respond`,
      };
      await deliver(String(new URLSearchParams({ payload: JSON.stringify(payload) })), "application/x-www-form-urlencoded");
    },
    [Symbol.asyncDispose]: () => service[Symbol.asyncDispose](),
  };
}

/** The REST API of issues, and signed webhooks. A conversation is the number of an issue. */
export async function fakeGithub(): Promise<FakeChat> {
  const service = await fakeService(({ method, path, body }) => {
    const text = String(body.body);
    const [, id = ""] = /\/repos\/o\/r\/issues\/comments\/(\d+)$/.exec(path) ?? [];
    if (method === "PATCH") service.edit(id, { text, buttons: [] });
    const [, conversation] = /\/repos\/o\/r\/issues\/(\d+)\/comments$/.exec(path) ?? [];
    if (conversation === undefined) return { id: Number(id) };
    const buttons = [...text.matchAll(/`(\/(?:allow|session|always|refuse) per_\w+)`/g)].map(([, word = ""]) => word);
    return { id: Number(service.add({ conversation, text, buttons }).id) };
  });
  let address = "";
  const deliver = (comment: { conversation: string; user: string; text: string; id: number }, secret = "hook") => {
    const { conversation, user, text, id } = comment;
    const event = {
      ...{ action: "created", issue: { number: Number(conversation) }, repository: { full_name: "o/r" } },
      comment: { id, body: text, user: { login: user } },
    };
    const body = JSON.stringify(event);
    const signature = `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`;
    const headers = { "content-type": "application/json", "x-github-event": "issue_comment", "x-hub-signature-256": signature };
    return post(address, { headers, body, expected: secret === "hook" ? 202 : 401 });
  };
  return {
    service,
    async start(place) {
      const env = { ...people, GITHUB_TOKEN: "ghp_1", GITHUB_WEBHOOK_SECRET: "hook", GITHUB_API: service.url, PORT: "0" };
      const program = await place.start(["github-webhook/github-webhook.ts"], { env });
      const [, port] = await program.seen("stdout", /Listens on port (\d+)/);
      address = `http://127.0.0.1:${port}/`;
      await deliver({ conversation: "1", user: "7", text: "/codeport forged", id: 1 }, "another secret");
      return program;
    },
    say: ({ text, ...comment }) => deliver({ ...comment, text: `/codeport ${text}` }),
    press: ({ conversation, user, reply }) =>
      deliver({
        conversation,
        user,
        id: 99,
        text: buttonOf(service, conversation, { once: "/allow", session: "/session", reject: "/refuse" }[reply]).data,
      }),
    [Symbol.asyncDispose]: () => service[Symbol.asyncDispose](),
  };
}

function buttonOf(service: FakeService, conversation: string, start: string): { message: ChatMessage; data: string } {
  const message = service.in(conversation).findLast(({ buttons }) => buttons.length > 0);
  const data = message?.buttons.find((button) => button.startsWith(start));
  if (message === undefined || data === undefined) throw new Error(`Nothing is asked in ${conversation}.`);
  return { message, data };
}

async function post(
  address: string,
  { expected, ...init }: { headers: Record<string, string>; body: string; expected: number },
): Promise<void> {
  const response = await fetch(address, { method: "POST", ...init });
  if (response.status !== expected) throw new Error(`The bot answered ${response.status}: ${await response.text()}`);
}
