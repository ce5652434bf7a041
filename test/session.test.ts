import { describe, expect, it } from "vitest";
import type { AnyEvent } from "../src/schema/event.ts";
import { say, testApp, textOf, watch } from "./helpers/app.ts";

/** An event as one word and what tells it apart, for comparing orders. */
function brief(event: AnyEvent): string {
  if (event.type === "message.part.updated") {
    const { part } = event.properties;
    return part.type === "tool" ? `tool ${part.state.status}` : part.type === "text" ? `text${part.time?.end ? " end" : ""}` : part.type;
  }
  if (event.type === "message.updated" && event.properties.info.role === "user") return event.properties.info.summary ? "summary" : "user";
  if (event.type === "message.updated") return `assistant${"completed" in event.properties.info.time ? " completed" : ""}`;
  if (event.type === "session.status") return event.properties.status.type;
  return event.type.replace("message.part.", "");
}

/** What may come at any place. */
const noise = new Set(["session.updated", "session.diff", "summary"]);

/** Deltas in a row are one; a step's begin is told again when its snapshot was late. */
const isNews = (word: string, index: number, words: string[]): boolean =>
  !noise.has(word) && !(word === "delta" && words[index - 1] === "delta") && !(word === "step-start" && words.indexOf(word) < index);

describe("a session", () => {
  it("answers a prompt and tells every step in the recorded order", async () => {
    await using test = await testApp();
    test.model.text("Hello from the model.");
    const session = await test.app.sessions.create(test.repository.path, {});
    using events = watch(test.app);
    const answer = await test.app.sessions.prompt(session.id, say("hello"));
    await events.until("session.idle");
    expect(textOf(answer)).toBe("Hello from the model.");
    expect(answer.info).toMatchObject({
      role: "assistant",
      finish: "stop",
      modelID: "mock-1",
      providerID: "mock",
      tokens: { input: 100, output: 10 },
    });
    const order = events.seen.map(brief).filter(isNews);
    expect(order).toEqual([
      "user",
      "text",
      "busy",
      "assistant",
      "step-start",
      "text",
      "delta",
      "text end",
      "step-finish",
      "assistant",
      "assistant completed",
      "busy",
      "idle",
      "session.idle",
    ]);
  });

  it("takes its title from the model after the first prompt, and keeps one that was given", async () => {
    await using test = await testApp();
    test.model.title("Greeting").text("hi").text("hi");
    using events = watch(test.app);
    const session = await test.app.sessions.create(test.repository.path, {});
    await test.app.sessions.prompt(session.id, say("hello"));
    await events.until("session.updated", ({ properties }) => properties.info.title === "Greeting");
    const named = await test.app.sessions.create(test.repository.path, { title: "Mine" });
    await test.app.sessions.prompt(named.id, say("hello"));
    expect((await test.app.sessions.get(named.id)).title).toBe("Mine");
    expect(test.model.titleRequests()).toHaveLength(1);
  });

  it("runs tools on the real repository and adds up tokens and cost", async () => {
    await using test = await testApp({ files: { "a.txt": "one\n" } });
    test.model
      .calls({ name: "read", input: { filePath: test.repository.join("a.txt") } })
      .calls({ name: "edit", input: { filePath: test.repository.join("a.txt"), oldString: "one", newString: "two" } })
      .text("Done.");
    const session = await test.app.sessions.create(test.repository.path, {});
    const answer = await test.app.sessions.prompt(session.id, say("change it"));
    expect(textOf(answer)).toBe("Done.");
    expect(await test.repository.read("a.txt")).toBe("two\n");
    const messages = await test.app.sessions.messages(session.id);
    expect(messages.items.map(({ info }) => info.role)).toEqual(["user", "assistant", "assistant", "assistant"]);
    expect((await test.app.sessions.get(session.id)).tokens).toMatchObject({ input: 300, output: 30 });
  });

  it("sends the conversation so far, tool calls and results included", async () => {
    await using test = await testApp({ files: { "a.txt": "one\n" } });
    test.model
      .calls({ name: "read", input: { filePath: "a.txt" } })
      .text("It says one.")
      .text("You are welcome.");
    const session = await test.app.sessions.create(test.repository.path, {});
    await test.app.sessions.prompt(session.id, say("read a.txt"));
    await test.app.sessions.prompt(session.id, say("thanks"));
    const last = test.model
      .requests()
      .at(-1)
      ?.body.messages.map(({ role }) => role);
    expect(last).toEqual(["system", "user", "assistant", "tool", "assistant", "user"]);
  });

  it("runs prompts that came while it was busy afterwards, in their order, each with its own answer", async () => {
    await using test = await testApp();
    test.model.hang("thinking", { when: "one" }).text("first").text("second").text("third");
    const session = await test.app.sessions.create(test.repository.path, { title: "Queue" });
    const first = test.app.sessions.prompt(session.id, say("one"));
    await test.model.received(1);
    using events = watch(test.app);
    const second = test.app.sessions.prompt(session.id, { ...say("two"), messageID: "msg_two", queue: "queue" });
    await events.until("message.updated", ({ properties: { info } }) => info.id === "msg_two");
    await test.app.sessions.promptAsync(session.id, { ...say("three"), queue: "queue" });
    expect(await test.app.sessions.status()).toEqual({ [session.id]: { type: "busy" } });
    test.model.drop();
    expect(textOf(await first)).toBe("first");
    expect(textOf(await second)).toBe("second");
    await events.until("session.idle");
    expect(await test.app.sessions.status()).toEqual({});
    const asked = test.model
      .requests()
      .slice(1)
      .map(({ body }) => body.messages.filter(({ role }) => role === "user").map(({ content }) => content));
    expect(asked).toEqual([["one"], ["one", "two"], ["one", "two", "three"]]);
  });

  it("stores a noReply prompt and runs no model; the next prompt carries it", async () => {
    await using test = await testApp();
    test.model.text("ok");
    const session = await test.app.sessions.create(test.repository.path, {});
    const stored = await test.app.sessions.prompt(session.id, { ...say("remember blue"), noReply: true });
    expect(stored.info.role).toBe("user");
    expect(test.model.requests()).toHaveLength(0);
    await test.app.sessions.prompt(session.id, say("which colour?"));
    expect(JSON.stringify(test.model.requests()[0]?.body.messages)).toContain("remember blue");
  });

  it("has one effect for the same message id sent twice, also at once", async () => {
    await using test = await testApp();
    test.model.text("once");
    const session = await test.app.sessions.create(test.repository.path, {});
    const prompt = { ...say("go"), messageID: "msg_client0000000000000000000" };
    const [one, two] = await Promise.all([test.app.sessions.prompt(session.id, prompt), test.app.sessions.prompt(session.id, prompt)]);
    expect(await test.app.sessions.prompt(session.id, prompt)).toEqual(one);
    expect(two).toEqual(one);
    expect(test.model.requests()).toHaveLength(1);
    const other = await test.app.sessions.create(test.repository.path, {});
    await expect(test.app.sessions.prompt(other.id, prompt)).rejects.toMatchObject({ name: "ConflictError" });
  });

  it("refuses an unknown model or agent by naming known ones, and is unharmed", async () => {
    await using test = await testApp();
    test.model.text("fine");
    const session = await test.app.sessions.create(test.repository.path, {});
    await expect(test.app.sessions.prompt(session.id, { ...say("hi"), model: "mock/mock-7" })).rejects.toMatchObject({
      name: "ProviderModelNotFoundError",
      message: expect.stringContaining("mock-1"),
    });
    await expect(test.app.sessions.prompt(session.id, { ...say("hi"), agent: "nobody" })).rejects.toMatchObject({
      name: "AgentNotFoundError",
      message: expect.stringContaining("build"),
    });
    await expect(test.app.sessions.prompt(session.id, { ...say("hi"), model: "nonsense" })).rejects.toMatchObject({
      name: "BadRequest",
      data: { field: "model" },
    });
    expect((await test.app.sessions.messages(session.id)).items).toEqual([]);
    expect(textOf(await test.app.sessions.prompt(session.id, say("hi")))).toBe("fine");
  });

  it("pages messages by a cursor and by a message id", async () => {
    await using test = await testApp();
    const session = await test.app.sessions.create(test.repository.path, {});
    for (const text of ["1", "2", "3", "4", "5"]) await test.app.sessions.prompt(session.id, { ...say(text), noReply: true });
    const newest = await test.app.sessions.messages(session.id, { limit: 2 });
    const older = await test.app.sessions.messages(session.id, { limit: 2, before: newest.cursor });
    const oldest = await test.app.sessions.messages(session.id, { limit: 2, before: older.items[0]?.info.id });
    expect([oldest, older, newest].flatMap(({ items }) => items.map(textOf))).toEqual(["1", "2", "3", "4", "5"]);
    expect(oldest.cursor).toBeUndefined();
    await expect(test.app.sessions.messages(session.id, { before: "nonsense" })).rejects.toMatchObject({
      name: "BadRequest",
      data: { field: "before" },
    });
  });

  it("erases everything when it is deleted, children too, and ends what runs", async () => {
    await using test = await testApp();
    test.model.hang("never");
    const session = await test.app.sessions.create(test.repository.path, { title: "secret plan" });
    const child = await test.app.sessions.create(test.repository.path, { parentID: session.id });
    const running = test.app.sessions.prompt(child.id, say("go")).catch((error: Error) => error.name);
    await test.model.received(1);
    await test.app.sessions.remove(session.id);
    await running;
    await expect(test.app.sessions.get(child.id)).rejects.toMatchObject({ name: "NotFoundError" });
    await expect(test.app.sessions.messages(session.id)).rejects.toMatchObject({ name: "NotFoundError" });
    expect(await test.app.sessions.status()).toEqual({});
    const left: string[] = [];
    for await (const entry of test.app.log.read({ after: 0 })) {
      left.push(entry.json);
      if (entry.event.type === "session.deleted" && entry.sessionID === session.id) break;
    }
    expect(left.join()).not.toContain("secret plan");
  });
});

describe("abort", () => {
  it("before the first token, in the middle of a text and of a tool: what was open is closed truthfully", async () => {
    await using test = await testApp();
    const session = await test.app.sessions.create(test.repository.path, {});
    using events = watch(test.app);

    test.model.hang();
    const silent = test.app.sessions.prompt(session.id, say("one"));
    await test.model.received(1);
    await test.app.sessions.abort(session.id);
    expect((await silent).info).toMatchObject({ error: { name: "MessageAbortedError" } });

    test.model.hang("partial text");
    const talking = test.app.sessions.prompt(session.id, say("two"));
    await events.until("message.part.delta");
    await test.app.sessions.abort(session.id);
    const cut = await talking;
    expect(textOf(cut)).toContain("partial");
    expect(cut.parts.find((part) => part.type === "text")).toMatchObject({ time: { end: expect.any(Number) } });

    test.model.calls({ name: "bash", input: { command: "echo started; sleep 100", description: "wait" } });
    const working = test.app.sessions.prompt(session.id, say("three"));
    await events.until(
      "message.part.updated",
      ({ properties: { part } }) =>
        part.type === "tool" && part.state.status === "running" && String(part.state.metadata?.output).includes("started"),
    );
    await test.app.sessions.abort(session.id);
    expect((await working).parts.find((part) => part.type === "tool")).toMatchObject({
      state: { status: expect.stringMatching(/error|completed/), time: { end: expect.any(Number) } },
    });
    expect(await test.app.sessions.status()).toEqual({});
  });

  it("ends queued prompts with an answer that says so, and the session works on", async () => {
    await using test = await testApp();
    test.model.hang("thinking");
    const session = await test.app.sessions.create(test.repository.path, {});
    const running = test.app.sessions.prompt(session.id, say("one"));
    await test.model.received(1);
    const queued = test.app.sessions.prompt(session.id, say("two"));
    await test.app.sessions.promptAsync(session.id, { ...say("three"), messageID: "msg_three" });
    expect(await test.app.sessions.abort(session.id)).toBe(true);
    for (const answer of await Promise.all([running, queued]))
      expect(answer.info).toMatchObject({ error: { name: "MessageAbortedError" }, time: { completed: expect.any(Number) } });
    test.model.text("alive");
    expect(textOf(await test.app.sessions.prompt(session.id, say("four")))).toBe("alive");
  });
});

describe("failures", () => {
  it("end the turn as an event and leave the session usable", async () => {
    await using test = await testApp();
    test.model.error(401, { message: "bad key" }).text("better");
    const session = await test.app.sessions.create(test.repository.path, {});
    using events = watch(test.app);
    const failed = await test.app.sessions.prompt(session.id, say("one"));
    expect(failed.info).toMatchObject({ error: { name: "APIError", data: { statusCode: 401, isRetryable: false } } });
    expect(events.seen.map(({ type }) => type)).toContain("session.error");
    expect(textOf(await test.app.sessions.prompt(session.id, say("two")))).toBe("better");
  });

  it("are retried with the status told, and a broken attempt leaves no parts", async () => {
    await using test = await testApp();
    test.model
      .error(429, { retryAfter: 0 })
      .text("This will break off in the middle of it", { disconnectAfter: 2, chunkSize: 4 })
      .text("whole");
    const session = await test.app.sessions.create(test.repository.path, {});
    using events = watch(test.app);
    const answer = await test.app.sessions.prompt(session.id, say("one"));
    expect(textOf(answer)).toBe("whole");
    expect(answer.parts.map(({ type }) => type)).toEqual(["step-start", "text", "step-finish"]);
    expect(events.seen.filter((event) => event.type === "session.status" && event.properties.status.type === "retry")).toHaveLength(2);
  });
});
