import { describe, expect, it } from "vitest";
import { createApp } from "../src/app.ts";
import type { MessageWithParts, QueuedPrompt } from "../src/schema/prompt.ts";
import type { Session } from "../src/schema/session.ts";
import { say, type TestApp, textOf, watch } from "./helpers/app.ts";
import { type MockModel, mockModel } from "./helpers/model.ts";
import { programWorkspace } from "./helpers/program.ts";
import { getJSON, postJSON, type TestServer, testServer, trpcClient } from "./helpers/server.ts";

/** Long enough for a busy machine; what is waited for comes at once. */
const soon = { timeout: 20_000 };

/** A command that runs until its file is there, so that a test decides when a step ends. */
const untilFile = (name: string) => ({ name: "bash", input: { command: `until [ -e ${name} ]; do sleep 0.02; done; echo ${name} seen` } });

async function newSession({ url }: TestServer): Promise<{ id: string; at: string }> {
  const { id } = await postJSON<Session>(`${url}/session`, { title: "Queue" });
  return { id, at: `${url}/session/${id}` };
}

const send = (at: string, text: string, more: object = {}) => postJSON<MessageWithParts>(`${at}/message`, { ...say(text), ...more });
const sendLater = (at: string, text: string, more: object = {}) => postJSON<void>(`${at}/prompt_async`, { ...say(text), ...more });

/** Resolves when the tool that holds the turn runs: the model has been asked, and the step goes on. */
async function toolRuns(test: TestApp): Promise<void> {
  using events = watch(test.app);
  const running = events.until(
    "message.part.updated",
    ({ properties: { part } }) => part.type === "tool" && part.state.status === "running",
  );
  for (const { id } of await test.app.sessions.list({ directory: test.repository.path })) {
    const { items } = await test.app.sessions.messages(id);
    if (items.some(({ parts }) => parts.some((part) => part.type === "tool" && part.state.status === "running"))) return;
  }
  await running;
}

const userTexts = (model: MockModel, request: number): unknown[] =>
  model
    .requests()
    [request]?.body.messages.filter(({ role }) => role === "user")
    .map(({ content }) => content) ?? [];

describe("a prompt to a busy session", () => {
  it("joins the running turn at its next step; both calls answer with the same last message", async () => {
    await using test = await testServer();
    test.model.calls(untilFile("go")).text("Both done.");
    const { at, id } = await newSession(test);
    const first = send(at, "one");
    await toolRuns(test);
    const second = send(at, "two", { messageID: "msg_two" });
    await sendLater(at, "three", { messageID: "msg_three" });
    expect((await getJSON<QueuedPrompt[]>(`${at}/queue`)).at(-1)).toMatchObject({ info: { id: "msg_three" }, queue: "join" });
    await test.repository.write({ go: "" });
    const [one, two] = await Promise.all([first, second]);
    expect(textOf(one)).toBe("Both done.");
    expect(two).toEqual(one);
    expect(one.info).toMatchObject({ parentID: "msg_three" });
    expect(test.model.requests()[1]?.body.messages.map(({ role }) => role)).toEqual([
      "system",
      "user",
      "assistant",
      "tool",
      "user",
      "user",
    ]);
    expect(await getJSON(`${at}/queue`)).toEqual([]);

    test.model.text("Later.");
    await send(at, "four");
    expect(test.model.requests()[2]?.body.messages.map(({ role, content }) => (role === "user" ? content : role))).toEqual([
      "system",
      "one",
      "assistant",
      "tool",
      "two",
      "three",
      "assistant",
      "four",
    ]);
    expect(await test.app.sessions.status()).toEqual({});
    expect((await test.app.sessions.messages(id)).items).toHaveLength(7);
  });

  it("makes the turn go on when it came during the last step", async () => {
    await using test = await testServer();
    test.model.hang("An answer that takes its time").text("And the second.");
    const { id, at } = await newSession(test);
    using events = watch(test.app);
    const first = send(at, "one");
    await events.until("message.part.delta");
    const second = send(at, "two", { messageID: "msg_two" });
    await events.until("message.updated", ({ properties }) => properties.info.id === "msg_two" && properties.sessionID === id);
    test.model.finish();
    const [one, two] = await Promise.all([first, second]);
    expect(textOf(one)).toBe("And the second.");
    expect(two).toEqual(one);
    expect(events.seen.filter(({ type }) => type === "session.idle")).toHaveLength(1);
  });

  it("waits for a turn of its own when it asks for another agent", async () => {
    await using test = await testServer();
    test.model.calls(untilFile("go")).text("First.").text("Second.");
    const { at } = await newSession(test);
    const first = send(at, "one");
    await toolRuns(test);
    const second = send(at, "two", { agent: "plan" });
    await test.repository.write({ go: "" });
    expect(textOf(await first)).toBe("First.");
    expect((await second).info).toMatchObject({ agent: "plan" });
  });

  it("gets a turn of its own afterwards with `queue`, and nothing overtakes it", async () => {
    await using test = await testServer();
    test.model.calls(untilFile("go")).text("First.").text("Second.").text("Unused");
    const { at } = await newSession(test);
    const first = send(at, "one");
    await toolRuns(test);
    const second = send(at, "two", { queue: "queue", messageID: "msg_two" });
    await expect.poll(() => getJSON<QueuedPrompt[]>(`${at}/queue`), soon).toHaveLength(1);
    const third = send(at, "three");
    await expect.poll(() => getJSON<QueuedPrompt[]>(`${at}/queue`), soon).toHaveLength(2);
    await test.repository.write({ go: "" });
    expect(textOf(await first)).toBe("First.");
    expect(textOf(await second)).toBe("Second.");
    expect(await third).toEqual(await second);
    expect(userTexts(test.model, 2)).toEqual(["one", "two", "three"]);
  });

  it("ends the running turn with `interrupt`; what was sent before it still goes before it", async () => {
    await using test = await testServer();
    test.model.hang("thinking").text("Now this.");
    const { at } = await newSession(test);
    const first = send(at, "one");
    await test.model.received(1);
    const second = send(at, "two");
    await expect.poll(() => getJSON<QueuedPrompt[]>(`${at}/queue`), soon).toHaveLength(1);
    const third = send(at, "three", { queue: "interrupt" });
    expect((await first).info).toMatchObject({ error: { name: "MessageAbortedError" } });
    expect(textOf(await third)).toBe("Now this.");
    expect(await second).toEqual(await third);
    expect(userTexts(test.model, 1)).toEqual(["one", "two", "three"]);
  });

  it("joins the turn of another server on the same store, and interrupts it from there", async () => {
    await using test = await testServer({ log: { tailInterval: 5 } });
    const place = { directory: test.app.directory, database: test.app.database, env: test.env, version: "0.0.0-test" };
    await using second = await createApp({ ...place, fetchLocal: async () => ({}), log: { tailInterval: 5 }, queue: "interrupt" });
    test.model.calls(untilFile("go")).text("Joined.").hang("thinking").text("Interrupted.");
    const { at, id } = await newSession(test);
    const first = send(at, "one");
    await toolRuns(test);
    const joined = second.sessions.prompt(id, { ...say("two"), queue: "join" });
    await expect.poll(() => getJSON<QueuedPrompt[]>(`${at}/queue`), soon).toHaveLength(1);
    await test.repository.write({ go: "" });
    expect(textOf(await joined)).toBe("Joined.");
    expect((await first).info.id).toBe((await joined).info.id);

    const third = send(at, "three");
    await test.model.received(3);
    expect(textOf(await second.sessions.prompt(id, say("four")))).toBe("Interrupted.");
    expect((await third).info).toMatchObject({ error: { name: "MessageAbortedError" } });
  });

  it("is refused with `reject`, also when two come at once", async () => {
    await using test = await testServer();
    test.model.hang("thinking");
    const { at, id } = await newSession(test);
    const reject = (text: string) =>
      fetch(`${at}/prompt_async`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ ...say(text), queue: "reject" }),
      });
    const answers = await Promise.all([reject("one"), reject("two")]);
    await test.model.received(1);
    expect(answers.map(({ status }) => status).sort()).toEqual([204, 409]);
    const refused = await reject("three");
    expect(refused.status).toBe(409);
    expect(await refused.json()).toMatchObject({ _tag: "SessionBusyError", sessionID: id });
    await test.app.sessions.abort(id);
    test.model.text("Free.");
    expect((await reject("four")).status).toBe(204);
    await expect.poll(() => test.model.remaining(), soon).toBe(0);
  });

  it("can be taken back while it waits, over REST and tRPC, and not once it was taken up", async () => {
    await using test = await testServer();
    await using client = trpcClient(test.url);
    test.model.calls(untilFile("go")).text("Only one.");
    const { at, id } = await newSession(test);
    const first = send(at, "one", { messageID: "msg_one" });
    await toolRuns(test);
    const waiting = send(at, "two", { messageID: "msg_two" }).catch((error: Error) => error.message);
    await sendLater(at, "three", { messageID: "msg_three" });
    await expect.poll(() => client.trpc.session.queue.query({ sessionID: id }), soon).toHaveLength(2);
    const cancel = (messageID: string) => fetch(`${at}/queue/${messageID}`, { method: "DELETE" });
    expect(await (await cancel("msg_two")).json()).toBe(true);
    expect(await client.trpc.session.cancelQueued.mutate({ sessionID: id, messageID: "msg_three" })).toBe(true);
    expect(await waiting).toContain("cancelled");
    expect((await cancel("msg_one")).status).toBe(409);
    expect((await cancel("msg_never")).status).toBe(404);
    await test.repository.write({ go: "" });
    await first;
    expect(userTexts(test.model, 1)).toEqual(["one"]);
    expect((await test.app.sessions.messages(id)).items.map(({ info }) => info.id)).not.toContain("msg_two");
  });
});

describe("what waited to join when its server died", () => {
  it("is answered once by the next one", async () => {
    await using model = await mockModel();
    await using workspace = await programWorkspace();
    const env = { OPENCODE_CONFIG_CONTENT: JSON.stringify(model.config()) };
    model.hang("thinking").text("Caught up.");
    const first = await workspace.start(["serve", "--port", "0"], { env });
    const url = await first.listening();
    const { id } = await postJSON<Session>(`${url}/session`, { title: "Queue" });
    await sendLater(`${url}/session/${id}`, "one");
    await model.received(1);
    await sendLater(`${url}/session/${id}`, "two");
    await sendLater(`${url}/session/${id}`, "three");
    first.kill("SIGKILL");
    await first.exited;

    const second = await workspace.start(["serve", "--port", "0"], { env });
    const again = `${await second.listening()}/session/${id}`;
    const texts = async () => (await getJSON<MessageWithParts[]>(`${again}/message`)).map(textOf);
    await expect.poll(texts, soon).toContain("Caught up.");
    expect((await texts()).filter((text) => text === "Caught up.")).toHaveLength(1);
    expect(userTexts(model, 1)).toEqual(["one", "two", "three"]);
    expect(model.requests()).toHaveLength(2);
  });
});
