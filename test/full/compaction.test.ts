import { describe, expect, it } from "vitest";
import type { Config } from "../../src/schema/config.ts";
import type { Session } from "../../src/schema/session.ts";
import { say, testApp, textOf, watch } from "../helpers/app.ts";
import { postJSON, testServer } from "../helpers/server.ts";

/** The mock model with a small context, so that a few steps outgrow it. */
const small = (url: string): Config => ({
  provider: {
    mock: {
      npm: "@ai-sdk/openai-compatible",
      options: { baseURL: url, apiKey: "test" },
      models: { "mock-1": { name: "Mock", tool_call: true, limit: { context: 10_000, output: 1_000 } } },
    },
  },
  model: "mock/mock-1",
});

describe("compaction", () => {
  it("happens in the middle of a task before the limit, and the task completes", async () => {
    await using test = await testApp({ files: { "a.txt": "alpha\n", "b.txt": "beta\n" }, config: small });
    test.model
      .calls({ name: "read", input: { filePath: "a.txt" } }, { usage: { input: 9_500, output: 100 } })
      .text("HANDOVER: a.txt says alpha; b.txt is next.")
      .calls({ name: "read", input: { filePath: "b.txt" } })
      .text("Both are read.");
    const session = await test.app.sessions.create(test.repository.path, { title: "Long" });
    using events = watch(test.app);
    const answer = await test.app.sessions.prompt(session.id, say("read both files"));
    expect(textOf(answer)).toBe("Both are read.");
    await events.until("session.compacted");

    const [, summary, resumed] = test.model.requests().map(({ body }) => body);
    expect(summary?.tools ?? []).toEqual([]);
    expect(JSON.stringify(summary?.messages)).toContain("alpha");
    const texts = resumed?.messages.map(({ content }) => JSON.stringify(content)).join("\n") ?? "";
    expect(texts).toContain("HANDOVER");
    expect(texts).toContain("read both files");
    expect(resumed?.messages.map(({ role }) => role)).toEqual(["system", "user", "assistant", "user"]);

    const { items } = await test.app.sessions.messages(session.id);
    expect(items.some(({ parts }) => parts.some((part) => part.type === "compaction" && part.auto))).toBe(true);
    expect(items.find(({ info }) => info.role === "assistant" && info.summary)).toBeDefined();
    expect(items.flatMap(({ parts }) => parts).filter((part) => part.type === "tool")).toHaveLength(2);
    expect(items.at(-1)).toEqual(answer);
  });

  it("recovers from a request that the provider refuses as too long", async () => {
    await using test = await testApp({ config: small });
    test.model
      .text("noted")
      .error(400, { message: "This model's maximum context length is 10000 tokens", code: "context_length_exceeded" })
      .text("HANDOVER: nothing yet.")
      .text("Recovered.");
    const session = await test.app.sessions.create(test.repository.path, { title: "Long" });
    await test.app.sessions.prompt(session.id, say("remember the colour blue"));
    using events = watch(test.app);
    const answer = await test.app.sessions.prompt(session.id, say("go on"));
    expect(textOf(answer)).toBe("Recovered.");
    expect(events.seen.filter(({ type }) => type === "session.error")).toHaveLength(1);
    const { items } = await test.app.sessions.messages(session.id);
    expect(items.some(({ parts }) => parts.some((part) => part.type === "compaction" && part.overflow))).toBe(true);
    expect(await test.app.sessions.status()).toEqual({});
  });

  it("that fails ends the turn with the reason", async () => {
    await using test = await testApp({ config: small });
    test.model.error(400, { message: "too long", code: "context_length_exceeded" }).error(401, { message: "no" });
    const session = await test.app.sessions.create(test.repository.path, { title: "Long" });
    const answer = await test.app.sessions.prompt(session.id, say("go"));
    expect(answer.info).toMatchObject({ error: { name: "APIError", data: { statusCode: 401 } } });
  });

  it("is left out where the configuration says so", async () => {
    await using test = await testApp({ config: (url) => ({ ...small(url), compaction: { auto: false } }) });
    test.model.error(400, { message: "too long", code: "context_length_exceeded" });
    const session = await test.app.sessions.create(test.repository.path, { title: "Long" });
    expect((await test.app.sessions.prompt(session.id, say("go"))).info).toMatchObject({ error: { name: "ContextOverflowError" } });
  });
});

describe("POST /session/{id}/summarize", () => {
  it("compacts as asked, with the model that was named", async () => {
    await using server = await testServer();
    server.model.text("The sky is blue.").text("HANDOVER: the sky is blue.").text("Blue.");
    const session = await postJSON<Session>(`${server.url}/session`, { title: "Sky" });
    const path = `${server.url}/session/${session.id}`;
    await postJSON(`${path}/message`, say("which colour has the sky?"));
    expect(await postJSON(`${path}/summarize`, { providerID: "mock", modelID: "mock-1" })).toBe(true);
    await postJSON(`${path}/message`, say("again?"));
    const roles = server.model
      .requests()
      .at(-1)
      ?.body.messages.map(({ role, content }) => [role, typeof content === "string" ? content : JSON.stringify(content)]);
    expect(roles?.slice(1)).toEqual([
      ["user", "What did we do so far?"],
      ["assistant", "HANDOVER: the sky is blue."],
      ["user", "again?"],
    ]);
  });

  it("answers with the reason when the model writes none", async () => {
    await using server = await testServer();
    server.model.error(401, { message: "no such key" });
    const session = await postJSON<Session>(`${server.url}/session`, { title: "Sky" });
    await expect(postJSON(`${server.url}/session/${session.id}/summarize`, { providerID: "mock", modelID: "mock-1" })).rejects.toThrow(
      /503.*no such key/s,
    );
    await expect(postJSON(`${server.url}/session/${session.id}/summarize`, { providerID: "mock", modelID: "none" })).rejects.toThrow(
      /400.*none/s,
    );
  });
});

describe("structured output", () => {
  const format = {
    type: "json_schema" as const,
    schema: { type: "object", properties: { count: { type: "integer" } }, required: ["count"], additionalProperties: false },
  };

  it("is the input of the tool the model has to call, checked against the schema", async () => {
    await using test = await testApp();
    test.model.calls({ name: "StructuredOutput", input: { count: "three" } }).calls({ name: "StructuredOutput", input: { count: 3 } });
    const session = await test.app.sessions.create(test.repository.path, { title: "Shape" });
    const answer = await test.app.sessions.prompt(session.id, { ...say("count"), format });
    expect(answer.info).toMatchObject({ structured: { count: 3 } });
    expect(test.model.requests()[0]?.body).toMatchObject({ tool_choice: "required" });
    expect(JSON.stringify(test.model.requests()[1]?.body.messages)).toContain("does not fit the schema");
  });

  it("is asked for again after prose, and its absence is an error in the end", async () => {
    await using test = await testApp();
    test.model.text("three").text("still three").text("three!");
    const session = await test.app.sessions.create(test.repository.path, { title: "Shape" });
    const answer = await test.app.sessions.prompt(session.id, { ...say("count"), format });
    expect(answer.info).toMatchObject({ error: { name: "StructuredOutputError", data: { retries: 2 } } });
    expect(JSON.stringify(test.model.requests().at(-1)?.body.messages)).toContain("calling the tool StructuredOutput");
  });
});

describe("old tool outputs", () => {
  it("are not sent again once there are enough newer ones, and stay in the session", async () => {
    const big = `${"x".repeat(99)}\n`.repeat(450);
    const files = Object.fromEntries(Array.from({ length: 9 }, (_, index) => [`f${index}.txt`, `file ${index}\n${big}`]));
    await using test = await testApp({ files });
    for (let index = 0; index < 9; index += 1) test.model.calls({ name: "read", input: { filePath: `f${index}.txt` } });
    test.model.text("read").text("after", { when: "removed to save room" });
    const session = await test.app.sessions.create(test.repository.path, { title: "Outputs" });
    await test.app.sessions.prompt(session.id, say("read them"));
    expect(textOf(await test.app.sessions.prompt(session.id, say("and now?")))).toBe("after");
    const { items } = await test.app.sessions.messages(session.id);
    const tools = items
      .flatMap(({ parts }) => parts)
      .flatMap((part) => (part.type === "tool" && part.state.status === "completed" ? [part.state] : []));
    expect(tools.map(({ time }) => time.compacted !== undefined)).toEqual([true, true, true, true, true, true, false, false, false]);
    expect(tools[0]?.output).toContain("file 0");
  });
});
