import { EventSourceParserStream } from "eventsource-parser/stream";
import { describe, expect } from "vitest";
import { mock, project, text } from "../helpers/sdk.ts";
import { getJSON, postJSON, type TestServer, testServer } from "../helpers/server.ts";
import { verifies } from "./verifies.ts";

interface Wrapped {
  directory?: string;
  payload: { type: string; properties: Record<string, unknown> };
}

/** `GET /global/event` as the client follows it, from the moment the server listens. */
async function follow(server: TestServer): Promise<{ until(type: string): Promise<Wrapped>; seen: Wrapped[] } & Disposable> {
  const ends = new AbortController();
  const response = await fetch(`${server.url}/global/event`, { signal: ends.signal });
  const frames = response.body?.pipeThrough(new TextDecoderStream()).pipeThrough(new EventSourceParserStream()).getReader();
  const seen: Wrapped[] = [];
  return {
    seen,
    async until(type) {
      for (;;) {
        const { value } = (await frames?.read()) ?? {};
        if (value === undefined) throw new Error(`The stream ended without ${type}.`);
        const event = JSON.parse(value.data) as Wrapped;
        seen.push(event);
        if (event.payload.type === type) return event;
      }
    },
    [Symbol.dispose]: () => ends.abort(),
  };
}

/** What the client asks at its start, in its order (1.18.33), with what it reads of the answers. */
function requestsAtStart(server: TestServer, projectID: string): [string, unknown][] {
  const here = server.repository.path;
  const model = { name: expect.any(String), limit: { context: expect.any(Number), output: expect.any(Number) } };
  const provider = expect.objectContaining({ id: "mock", models: { "mock-1": expect.objectContaining(model) } });
  const located = (item: object) => ({ location: { directory: here }, data: expect.arrayContaining([expect.objectContaining(item)]) });
  return [
    ["/experimental/capabilities", { backgroundSubagents: false }],
    ["/path", { directory: here, worktree: here, home: expect.any(String), state: expect.any(String), config: expect.any(String) }],
    ["/experimental/console", { consoleManagedProviders: [], switchableOrgCount: 0 }],
    ["/config/providers", { providers: expect.arrayContaining([provider]), default: { mock: "mock-1" } }],
    ["/config", { model: "mock/mock-1" }],
    ["/provider", { all: expect.arrayContaining([provider]), connected: expect.arrayContaining(["mock"]) }],
    ["/agent", expect.arrayContaining([expect.objectContaining({ name: "build", mode: "primary" })])],
    ["/project/current", { id: projectID, worktree: here }],
    [`/project/${projectID}/directories`, [{ directory: here }]],
    ["/session?start=0&path=", []],
    ["/api/location", { directory: here, project: { id: projectID } }],
    ["/api/agent", located({ id: "build", mode: "primary", hidden: false })],
    ["/api/integration", located({ id: "anthropic", methods: expect.any(Array) })],
    ["/api/model", located({ id: "mock-1", providerID: "mock", enabled: true })],
    ["/api/provider", located({ id: "mock" })],
    ["/api/reference", { data: [] }],
    ["/api/command", located({ name: "init" })],
    ["/api/skill", { data: [] }],
    ["/provider/auth", { openai: expect.any(Array) }],
    ["/lsp", []],
    ["/experimental/workspace", []],
    ["/mcp", {}],
    ["/experimental/resource", {}],
    ["/session/status", {}],
    ["/experimental/workspace/status", []],
    ["/command", expect.arrayContaining([expect.objectContaining({ name: "init" })])],
    ["/vcs", { branch: "main" }],
    ["/formatter", expect.any(Array)],
    ["/permission", []],
    ["/question", []],
    ["/api/health", { healthy: true }],
    ["/global/config", {}],
  ];
}

describe("the terminal client", () => {
  verifies("client: official terminal client", "is answered what it asks at its start", async () => {
    await using server = await testServer({ files: project });
    const { id } = await getJSON<{ id: string }>(`${server.url}/project/current`);
    for (const [path, expected] of requestsAtStart(server, id)) {
      const response = await fetch(server.url + path);
      expect([path, response.status, response.headers.get("content-type")]).toEqual([path, 200, "application/json"]);
      const body: unknown = await response.json();
      if (Array.isArray(expected)) expect(body).toEqual(expected);
      else expect(body, path).toMatchObject(expected as object);
    }
    const missing = await fetch(`${server.url}/project/none/directories`);
    expect([missing.status, await missing.json()]).toMatchObject([404, { name: "ProjectNotFoundError" }]);
  });

  verifies("client: official terminal client", "runs a prompt, answers a permission and a question, and aborts", async () => {
    await using server = await testServer({ files: project, config: { permission: { bash: "ask" } } });
    const questions = [{ question: "Which?", header: "Which", options: [{ label: "A", description: "a" }] }];
    server.model.calls({ name: "bash", input: { command: "echo x > y.txt", description: "d" } });
    server.model.calls({ name: "question", input: { questions } }).text("Done.").hang("thinking");
    using events = await follow(server);
    await events.until("server.connected");
    const session = await postJSON<{ id: string; title: string }>(`${server.url}/session?directory=${server.repository.path}`, {});
    const at = `${server.url}/session/${session.id}`;
    expect(await getJSON(at)).toMatchObject({ id: session.id, title: expect.any(String) });
    for (const path of ["/message?limit=100", "/todo", "/diff"]) expect(await getJSON(at + path)).toEqual([]);

    const prompt = { parts: text("go"), model: mock, agent: "build", messageID: "msg_fffffffffff100000000000000" };
    const answered = postJSON<{ parts: unknown[] }>(`${at}/message`, prompt);
    const asked = await events.until("permission.asked");
    expect(await getJSON(`${server.url}/permission`)).toMatchObject([asked.payload.properties]);
    expect(await postJSON(`${server.url}/permission/${asked.payload.properties.id}/reply`, { reply: "once" })).toBe(true);
    const question = await events.until("question.asked");
    expect(await getJSON(`${server.url}/question`)).toMatchObject([question.payload.properties]);
    expect(await postJSON(`${server.url}/question/${question.payload.properties.id}/reply`, { answers: [["A"]] })).toBe(true);
    expect((await answered).parts).toContainEqual(expect.objectContaining({ type: "text", text: "Done." }));
    expect(await server.repository.read("y.txt")).toBe("x\n");
    await events.until("session.idle");
    const types = new Set(events.seen.map(({ payload }) => payload.type));
    expect([...types]).toEqual(expect.arrayContaining(["message.updated", "message.part.updated", "message.part.delta", "session.status"]));
    expect(events.seen.find(({ payload }) => payload.type === "message.updated")?.directory).toBe(server.repository.path);

    const { messageID: _, ...again } = prompt;
    const aborted = postJSON<{ info: { error?: { name: string } } }>(`${at}/message`, again);
    await events.until("message.part.delta");
    expect(await postJSON(`${at}/abort`, {})).toBe(true);
    expect((await aborted).info.error?.name).toBe("MessageAbortedError");
  });

  verifies("client: official terminal client", "meets JSON where nothing is", async () => {
    await using server = await testServer();
    const response = await fetch(`${server.url}/nowhere`);
    expect([response.status, response.headers.get("content-type")]).toEqual([404, "application/json"]);
  });
});
