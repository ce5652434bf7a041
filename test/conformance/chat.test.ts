import { EventSourceParserStream } from "eventsource-parser/stream";
import { describe, expect } from "vitest";
import type { ChatAnswer, ChatFrame } from "../../src/schema/chat.ts";
import { watch } from "../helpers/app.ts";
import { getJSON, postJSON, type TestServer, testServer } from "../helpers/server.ts";
import { verifies } from "./verifies.ts";

async function send(server: TestServer, path: string, body: unknown): Promise<{ status: number; body: Record<string, unknown> }> {
  const response = await fetch(server.url + path, { method: "POST", body: JSON.stringify(body) });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

async function stream(server: TestServer, body: unknown, onFrame: (frame: ChatFrame) => unknown = () => {}): Promise<ChatFrame[]> {
  const response = await fetch(`${server.url}/api/chat/stream`, { method: "POST", body: JSON.stringify(body) });
  expect([response.status, response.headers.get("content-type")]).toEqual([200, "text/event-stream"]);
  const frames: ChatFrame[] = [];
  for await (const { data } of response.body?.pipeThrough(new TextDecoderStream()).pipeThrough(new EventSourceParserStream()) ?? []) {
    const frame = JSON.parse(data) as ChatFrame;
    frames.push(frame);
    await onFrame(frame);
  }
  return frames;
}

const textOf = (frames: ChatFrame[]) => frames.map((frame) => (frame.type === "text" ? frame.content : "")).join("");
const bad = [
  [{}, "message"],
  [{ message: "  " }, "message"],
  [{ message: "hi", sessionId: 7 }, "sessionId"],
  [{ message: "hi", model: 7 }, "model"],
  [{ message: "hi", model: "mock" }, "model"],
] as const;

describe("POST /api/chat", () => {
  verifies("POST /api/chat", "begins a session, runs tools, answers with the whole turn, and goes on in it", async () => {
    await using server = await testServer({ files: { "a.txt": "apples\n" } });
    server.model
      .calls({ name: "read", input: { filePath: "a.txt" } })
      .text("It says apples.")
      .text("Yes.");
    const answer = await postJSON<ChatAnswer>(`${server.url}/api/chat`, {
      message: "What is in a.txt?",
      sessionId: null,
      agent: "build",
      model: "mock/mock-1",
    });
    expect(answer).toMatchObject({ content: "It says apples.", tokens: { input: 200, output: 20 } });
    expect(answer.parts).toContainEqual(expect.objectContaining({ type: "tool", tool: "read" }));
    const more = await postJSON<ChatAnswer>(`${server.url}/api/chat`, { message: "Sure?", sessionId: answer.sessionId });
    expect(more).toMatchObject({ sessionId: answer.sessionId, content: "Yes.", tokens: { input: 100 } });
    const messages = await getJSON<{ info: { role: string; agent: string } }[]>(`${server.url}/session/${answer.sessionId}/message`);
    expect(messages.map(({ info }) => info.role)).toEqual(["user", "assistant", "assistant", "user", "assistant"]);
  });

  verifies("POST /api/chat", "refuses what it cannot answer by name, and leaves no session behind", async () => {
    await using server = await testServer();
    for (const path of ["/api/chat", "/api/chat/stream"]) {
      for (const [body, field] of bad)
        expect(await send(server, path, body)).toMatchObject({ status: 400, body: { name: "BadRequest", data: { field } } });
      expect(await send(server, path, { message: "hi", agent: "nobody" })).toMatchObject({
        status: 400,
        body: { name: "AgentNotFoundError" },
      });
      const unknown = { message: "hi", model: "mock/none" };
      expect(await send(server, path, unknown)).toMatchObject({ status: 400, body: { name: "ProviderModelNotFoundError" } });
      expect(await send(server, path, { message: "hi", sessionId: "ses_none" })).toMatchObject({
        status: 404,
        body: { name: "NotFoundError" },
      });
    }
    expect(await getJSON(`${server.url}/session`)).toEqual([]);
    expect(server.model.requests()).toEqual([]);
  });

  verifies("POST /api/chat", "goes on in the session named default", async () => {
    await using server = await testServer();
    server.model.text("one").text("two");
    const ask = () => postJSON<ChatAnswer>(`${server.url}/api/chat`, { message: "hi", sessionId: "default" });
    const [first, second] = [await ask(), await ask()];
    expect([second.sessionId, second.content]).toEqual([first.sessionId, "two"]);
  });

  verifies("POST /api/chat", "says why a turn ended early, and keeps a slow answer alive", async () => {
    await using server = await testServer({ listen: { keepAlive: 1 } });
    server.model.error(401, { message: "wrong key" });
    const answer = await postJSON<ChatAnswer>(`${server.url}/api/chat`, { message: "hi" });
    expect(answer).toMatchObject({ content: "", error: { name: "APIError", message: expect.stringContaining("wrong key") } });
    server.model.text("slowly said", { latency: 20, chunkSize: 2 });
    const response = await fetch(`${server.url}/api/chat`, { method: "POST", body: JSON.stringify({ message: "again" }) });
    expect(await response.text()).toMatch(/^ +\{"sessionId"/);
  });
});

describe("POST /api/chat/stream", () => {
  verifies("POST /api/chat/stream", "names the session, streams text, tells of tools, and says done", async () => {
    await using server = await testServer({ files: { "a.txt": "apples\n" } });
    server.model
      .calls({ name: "read", input: { filePath: "a.txt" } }, { text: "I look." })
      .text("It says apples and more.", { chunkSize: 4 });
    const frames = await stream(server, { message: "What is in a.txt?", sessionId: null });
    const [session] = await getJSON<{ id: string }[]>(`${server.url}/session`);
    expect(frames[0]).toEqual({ type: "session", sessionId: session?.id });
    expect(textOf(frames)).toBe("I look.It says apples and more.");
    expect(frames.filter(({ type }) => type === "text").length).toBeGreaterThan(3);
    const tools = frames.filter(({ type }) => type.startsWith("tool"));
    expect(tools).toEqual([
      { type: "tool_start", tool: "read", args: { filePath: "a.txt" }, callId: expect.any(String) },
      { type: "tool_end", tool: "read", result: expect.stringContaining("apples"), callId: expect.any(String) },
    ]);
    const messages = await getJSON<{ info: { id: string } }[]>(`${server.url}/session/${session?.id}/message`);
    expect(frames.at(-1)).toEqual({ type: "done", sessionId: session?.id, messageId: messages.at(-1)?.info.id });
  });

  verifies("POST /api/chat/stream", "asks for permission, and goes on with the answer", async () => {
    await using server = await testServer({ config: { permission: { bash: "ask" } } });
    server.model.calls({ name: "bash", input: { command: "echo allowed > made.txt", description: "make" } }).text("Made.");
    const frames = await stream(server, { message: "make it" }, async (frame) => {
      if (frame.type === "permission") await postJSON(`${server.url}/permission/${frame.permissionId}/reply`, { reply: "once" });
    });
    const types = frames.map(({ type }) => type);
    expect([types.toSorted(), types.slice(-3)]).toEqual([
      ["done", "permission", "session", "text", "tool_end", "tool_start"],
      ["tool_end", "text", "done"],
    ]);
    expect(await server.repository.read("made.txt")).toBe("allowed\n");
  });

  verifies("POST /api/chat/stream", "tells only its own answer when it meets a busy session", async () => {
    await using server = await testServer();
    server.model.hang("of the first").text("of the second");
    const { id } = await postJSON<{ id: string }>(`${server.url}/session`, {});
    await postJSON(`${server.url}/session/${id}/prompt_async`, { parts: [{ type: "text", text: "one" }] });
    await server.model.received(1);
    const refused = await send(server, "/api/chat/stream", { message: "two", sessionId: id, queue: "reject" });
    expect(refused).toMatchObject({ status: 409, body: { name: "SessionBusyError" } });
    const frames = await stream(server, { message: "two", sessionId: id, queue: "interrupt" });
    expect(frames.map(({ type }) => type).filter((type) => type !== "text")).toEqual(["session", "done"]);
    expect(textOf(frames)).toBe("of the second");
  });

  verifies("POST /api/chat/stream", "tells an error and still says done; the turn goes on when the client hangs up", async () => {
    await using server = await testServer();
    server.model.error(401, { message: "wrong key" });
    const frames = await stream(server, { message: "hi" });
    expect(frames.map(({ type }) => type)).toEqual(["session", "error", "done"]);
    expect(frames[1]).toMatchObject({ name: "APIError", message: expect.stringContaining("wrong key") });
    server.model.text("said to nobody", { latency: 5, chunkSize: 1 });
    using events = watch(server.app);
    const client = new AbortController();
    const response = await fetch(`${server.url}/api/chat/stream`, { method: "POST", body: '{"message":"hi"}', signal: client.signal });
    await response.body?.getReader().read();
    client.abort();
    const { properties } = await events.until("session.idle");
    expect(JSON.stringify(await getJSON(`${server.url}/session/${properties.sessionID}/message`))).toContain("said to nobody");
  });
});

describe("the chat API", () => {
  verifies("GET /api/status", "names the agent, the model and the providers a message would meet", async () => {
    await using server = await testServer();
    expect(await getJSON(`${server.url}/api/status`)).toMatchObject({
      status: "ok",
      version: "0.0.0-test",
      directory: server.repository.path,
      agent: "build",
      model: "mock/mock-1",
      providers: expect.arrayContaining(["mock"]),
      busy: 0,
    });
    const outside = await fetch(`${server.url}/api/status?directory=/`);
    expect([outside.status, await outside.json()]).toMatchObject([403, { name: "ForbiddenError" }]);
  });

  verifies(
    ["GET /api/sessions", "GET /api/sessions/{id}", "DELETE /api/sessions/{id}"],
    "lists what is active, tells its history, and erases it",
    async () => {
      await using server = await testServer();
      server.model.text("hello").hang("never");
      const { sessionId } = await postJSON<ChatAnswer>(`${server.url}/api/chat`, { message: "hi" });
      const archived = await postJSON<{ id: string }>(`${server.url}/session`, { title: "old" });
      await fetch(`${server.url}/session/${archived.id}`, { method: "PATCH", body: JSON.stringify({ time: { archived: 1 } }) });
      expect(await getJSON(`${server.url}/api/sessions`)).toMatchObject([{ id: sessionId, status: { type: "idle" } }]);
      await postJSON(`${server.url}/session/${sessionId}/prompt_async`, { parts: [{ type: "text", text: "more" }] });
      await server.model.received(2);
      const history = await getJSON<{ messages: { info: { role: string } }[] }>(`${server.url}/api/sessions/${sessionId}`);
      expect(history).toMatchObject({ id: sessionId, status: { type: "busy" } });
      expect(history.messages.map(({ info }) => info.role).slice(0, 3)).toEqual(["user", "assistant", "user"]);
      const erased = await fetch(`${server.url}/api/sessions/${sessionId}`, { method: "DELETE" });
      expect([erased.status, await erased.json()]).toEqual([200, true]);
      expect(await getJSON(`${server.url}/api/sessions`)).toEqual([]);
      for (const method of ["GET", "DELETE"]) {
        const gone = await fetch(`${server.url}/api/sessions/${sessionId}`, { method });
        expect([gone.status, await gone.json()]).toMatchObject([404, { name: "NotFoundError" }]);
      }
    },
  );

  verifies(["GET /api/models", "GET /api/providers", "GET /api/agents"], "lists what a chat may name", async () => {
    const agent = { reviewer: { description: "Reviews.", mode: "primary", model: "mock/mock-1" } } as const;
    await using server = await testServer({ config: { agent } });
    const models = await getJSON<{ id: string; default: boolean }[]>(`${server.url}/api/models`);
    expect(models.filter((model) => model.default).map(({ id }) => id)).toEqual(["mock/mock-1"]);
    const providers = await getJSON<{ id: string; models: string[] }[]>(`${server.url}/api/providers`);
    expect(providers.find(({ id }) => id === "mock")).toMatchObject({ models: ["mock-1"], default: "mock-1" });
    expect(JSON.stringify(providers)).not.toContain("apiKey");
    const agents = await getJSON<{ name: string }[]>(`${server.url}/api/agents`);
    expect(agents[0]).toMatchObject({ name: "build", default: true });
    expect(agents).toContainEqual({
      name: "reviewer",
      description: "Reviews.",
      mode: "primary",
      native: false,
      model: "mock/mock-1",
      default: false,
    });
    expect(agents.map(({ name }) => name)).not.toContain("title");
    server.model.text("reviewed");
    const answer = await postJSON<ChatAnswer>(`${server.url}/api/chat`, { message: "hi", agent: "reviewer", model: models[0]?.id });
    expect(answer.content).toBe("reviewed");
  });
});
