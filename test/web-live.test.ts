import { describe, expect, test } from "vitest";
import { appRouter } from "../routers/index.ts";
import { type Client, createClient } from "../src/client/client.ts";
import { listen } from "../src/server/listen.ts";
import { coalesced } from "../web/src/live/conversation.ts";
import { createLive, type Live, type State } from "../web/src/live/live.ts";
import { temporaryDirectory } from "./helpers/directory.ts";
import { type TestServer, testServer } from "./helpers/server.ts";

interface TestLive extends AsyncDisposable {
  live: Live;
  client: Client;
  refusals: number;
  until(when: (state: State) => unknown): Promise<State>;
}

/** A page's state, without the page. */
function follow(server: TestServer, options: { password?: string } = {}): TestLive {
  const client = createClient({ url: server.url, tickets: true, ...options });
  const ends = new AbortController();
  const live = createLive({ client, schedule: setImmediate, onRefused: () => (test.refusals += 1) });
  const running = live.run(ends.signal);
  const test: TestLive = {
    live,
    client,
    refusals: 0,
    until: (when) =>
      new Promise((resolve) => {
        const look = () => {
          if (!when(live.state())) return;
          stop();
          resolve(live.state());
        };
        const stop = live.subscribe(look);
        look();
      }),
    async [Symbol.asyncDispose]() {
      ends.abort();
      await client.close();
      await running;
    },
  };
  return test;
}

function textOf({ conversations }: State, sessionID: string): string[] {
  const { order = [], parts = {} } = conversations[sessionID] ?? {};
  return order.flatMap((id) => parts[id] ?? []).flatMap((part) => (part.type === "text" ? [part.text] : []));
}

const prompt = (sessionID: string, text: string) => ({ sessionID, parts: [{ type: "text" as const, text }] });

describe("the live state", () => {
  test("holds the sessions of every client and directory, what they do and what they ask", async () => {
    await using other = await temporaryDirectory();
    await using server = await testServer({ roots: [other.path], config: { permission: { bash: "ask" } } });
    const old = await server.app.sessions.create(server.app.directory, { title: "Old" });
    await using page = follow(server);
    await page.until(({ sessions }) => old.id in sessions);
    server.model.calls([{ name: "bash", input: { command: "echo hi", description: "Say it" } }]).text("Said.");
    const made = await server.app.sessions.create(other.path, { title: "Elsewhere" });
    await server.app.sessions.promptAsync(made.id, { parts: prompt("", "say it").parts });
    const asking = await page.until(({ permissions, status }) => permissions.length === 1 && status[made.id]);
    expect(asking.permissions[0]).toMatchObject({ sessionID: made.id, permission: "bash" });
    await server.app.permissions.reply(asking.permissions[0]?.id ?? "", { reply: "once", actor: { name: "test" } });
    await page.until(({ permissions, status }) => permissions.length === 0 && status[made.id] === undefined);
    await server.app.sessions.remove(made.id);
    await page.until(({ sessions }) => !(made.id in sessions));
  });

  test("has an answer word for word, opened before it, in the middle of it, and again", async () => {
    await using server = await testServer();
    await using early = follow(server);
    await using late = follow(server);
    const { id } = await early.client.api.session.create.mutate({ title: "Story" });
    early.live.open(id);
    await early.until(({ conversations }) => conversations[id]?.state === "ready");
    const words = Array.from({ length: 400 }, (_, at) => `word${at}`).join(" ");
    server.model.text(words, { latency: 1, chunkSize: 20 });
    await early.client.api.session.promptAsync.mutate(prompt(id, "tell"));
    await early.until((state) => textOf(state, id).some((text) => text.length > 300 && text.length < words.length));
    const close = late.live.open(id);
    const isWhole = (state: State) => textOf(state, id).includes(words) && state.status[id] === undefined;
    const grown: string[] = [];
    late.live.subscribe(() => grown.push(textOf(late.live.state(), id).at(-1) ?? ""));
    for (const page of [early, late]) expect(textOf(await page.until(isWhole), id)).toEqual(["tell", words]);
    expect(grown.filter((text) => text !== "tell" && !words.startsWith(text))).toEqual([]);
    close();
    late.live.open(id);
    expect(textOf(late.live.state(), id)).toEqual(["tell", words]);
  });

  test("goes on after the connection was lost, with what happened meanwhile", async () => {
    await using server = await testServer();
    await using page = follow(server);
    const { id } = await page.client.api.session.create.mutate({ title: "Before" });
    page.live.open(id);
    await page.until(({ conversations }) => conversations[id]?.state === "ready");
    server.model.text("Done meanwhile.");
    await server.listening.close();
    await page.until(({ connection }) => connection.state === "lost");
    const gone = await server.app.sessions.create(server.app.directory, { title: "Short-lived" });
    await server.app.sessions.remove(gone.id);
    await server.app.sessions.prompt(id, { parts: prompt(id, "go on").parts });
    await using _again = await listen(server.app, {
      router: appRouter,
      hostname: "127.0.0.1",
      port: server.listening.port,
      cors: [],
      allowedHosts: [],
    });
    const state = await page.until((now) => now.connection.state === "open" && textOf(now, id).includes("Done meanwhile."));
    expect(textOf(state, id)).toEqual(["go on", "Done meanwhile."]);
    expect(Object.keys(state.sessions)).toEqual([id]);
  });

  test("says of a session that is looked at that another client has deleted it", async () => {
    await using server = await testServer();
    const { id } = await server.app.sessions.create(server.app.directory, { title: "Short" });
    await using page = follow(server);
    page.live.open(id);
    await page.until(({ conversations }) => conversations[id]?.state === "ready");
    await server.app.sessions.remove(id);
    const { conversations } = await page.until(({ deleted }) => deleted.has(id));
    expect(conversations[id]).toMatchObject({ state: "failed", reason: "The session was deleted." });
  });

  test("loads older messages when they are wanted", async () => {
    await using server = await testServer();
    const { id } = await server.app.sessions.create(server.app.directory, { title: "Long" });
    for (let count = 0; count < 120; count += 1) {
      await server.app.sessions.prompt(id, { parts: prompt(id, `message ${count}`).parts, noReply: true });
    }
    await using page = follow(server);
    page.live.open(id);
    const first = await page.until(({ conversations }) => conversations[id]?.state === "ready");
    expect([first.conversations[id]?.order.length, first.conversations[id]?.older]).toEqual([100, true]);
    await page.live.loadOlder(id);
    const { order, older } = page.live.state().conversations[id] ?? {};
    expect([order?.length, older]).toEqual([120, false]);
    const texts = order?.map((message) =>
      page.live.state().conversations[id]?.parts[message]?.map((part) => ("text" in part ? part.text : "")),
    );
    expect(texts).toEqual(Array.from({ length: 120 }, (_, at) => [`message ${at}`]));
  });

  test("ends with a refusal where the password is wrong", async () => {
    await using server = await testServer({ listen: { password: "secret" } });
    await using page = follow(server, { password: "wrong" });
    await expect.poll(() => page.refusals).toBe(1);
  });
});

test("deltas of one part that follow each other become one", () => {
  const delta = (partID: string, text: string) => ({
    id: "evt_1",
    type: "message.part.delta" as const,
    properties: { sessionID: "ses_1", messageID: "msg_1", partID, field: "text", delta: text },
  });
  const idle = { id: "evt_2", type: "session.idle" as const, properties: { sessionID: "ses_1" } };
  const told = coalesced([delta("a", "1"), delta("b", "x"), delta("a", "2"), idle, delta("a", "3")]);
  expect(told).toEqual([delta("a", "12"), delta("b", "x"), idle, delta("a", "3")]);
});
