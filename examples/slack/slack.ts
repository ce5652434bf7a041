import slack from "@slack/bolt";
import { createClient, type PermissionReply } from "codeport/client";
import { createBot, type Platform } from "../bot-adapter/bot-adapter.ts";
import { openJournal } from "../bot-adapter/journal.ts";
import { botSettings, required, untilStopped } from "../bot-adapter/settings.ts";

const { url, password, users, approvers, journal } = botSettings("slack");
const app = new slack.App({
  token: required("SLACK_BOT_TOKEN"),
  // Requests without Slack's signature are refused before anything of this program sees them.
  signingSecret: required("SLACK_SIGNING_SECRET"),
  clientOptions: { slackApiUrl: process.env.SLACK_API ?? "https://slack.com/api/" },
});

const place = (conversation: string) => {
  const [channel = "", thread_ts = ""] = conversation.split(":");
  return { channel, thread_ts };
};
const button = (text: string, reply: PermissionReply, value: string) => {
  return { type: "button" as const, text: { type: "plain_text" as const, text }, action_id: reply, value };
};

const platform: Platform = {
  name: "slack",
  limit: 3_000,
  pace: 1_000,
  post: async (conversation, text) => (await app.client.chat.postMessage({ ...place(conversation), text })).ts ?? "",
  edit: async (conversation, ts, text) =>
    void (await app.client.chat.update({ channel: place(conversation).channel, ts, text, blocks: [] })),
  async ask(conversation, text, { id }) {
    const section = { type: "section" as const, text: { type: "plain_text" as const, text } };
    const allow = [button("Allow", "once", id), button("For this session", "session", id), button("Always", "always", id)];
    const elements = [...allow, button("Refuse", "reject", id)];
    const message = { ...place(conversation), text, blocks: [section, { type: "actions" as const, elements }] };
    return (await app.client.chat.postMessage(message)).ts ?? "";
  },
};

await using client = createClient({ url, password });
const bot = createBot({ client, platform, users, approvers, journal: await openJournal(journal) });

interface Said {
  channel: string;
  ts: string;
  thread_ts?: string;
  user?: string;
  text?: string;
}

/** A thread is a conversation; Slack sends an event again when it was not confirmed in time, with the same time stamp. */
const receive = ({ channel, ts, thread_ts, user = "", text = "" }: Said) =>
  bot.receive({ id: `${channel}:${ts}`, conversation: `${channel}:${thread_ts ?? ts}`, user, text: text.replace(/^<@\w+>\s*/, "") });

app.event("app_mention", ({ event }) => receive(event));
app.message(async ({ message }) => {
  // In channels it hears only what mentions it; edits, joins and the like have a subtype.
  if (message.channel_type === "im" && message.subtype === undefined) await receive(message);
});

app.action<slack.BlockAction<slack.ButtonAction>>(/^(once|session|always|reject)$/, async ({ ack, action, body, respond }) => {
  await ack();
  const { container, user } = body;
  const decision = { conversation: `${container.channel_id}:${container.thread_ts}`, user: user.id };
  const said = await bot.decide({ ...decision, requestID: action.value ?? "", reply: action.action_id as PermissionReply });
  await respond({ text: said, response_type: "ephemeral", replace_original: false });
});

const stopped = untilStopped();
const server = await app.start(Number(process.env.PORT ?? 3000));
stopped.addEventListener("abort", () => void app.stop());
const address = server.address();
console.log(`Listens on port ${typeof address === "object" ? address?.port : address}.`);
await bot.run(stopped);
