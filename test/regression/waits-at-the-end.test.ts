import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { open } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, it } from "vitest";
import { createApp } from "../../src/app.ts";
import { shuttingDown } from "../../src/schema/error.ts";
import type { QueuedPrompt } from "../../src/schema/prompt.ts";
import type { Session } from "../../src/schema/session.ts";
import { listen } from "../../src/server/listen.ts";
import { fail, say } from "../helpers/app.ts";
import { callerOf } from "../helpers/caller.ts";
import { rawSocket } from "../helpers/raw-socket.ts";
import { anywhere, getJSON, postJSON, type TestServer, testServer } from "../helpers/server.ts";
import { stalledReader, type Transport } from "../helpers/stalled.ts";

const unavailable = { status: 503, body: { name: "ServiceUnavailableError" } };
const refused = { status: 503, body: { name: "ServiceUnavailableError", data: { reason: "shutdown" } } };
/** Longer than a test may take: what waits for it fails. */
const patient = { listen: { grace: 600_000 } };

/** A server that takes requests and answers none. */
async function silentServer(): Promise<{ origin: string; asked: Promise<unknown> } & AsyncDisposable> {
  const server = createServer();
  const asked = once(server, "request");
  await once(server.listen(0, "127.0.0.1"), "listening");
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
    },
  };
}

const configOf = (origin: string) => ({
  mcp: { far: { type: "remote" as const, url: `${origin}/mcp`, enabled: false } },
  provider: { far: { npm: "@ai-sdk/openai-compatible", options: { baseURL: origin, apiKey: "key" }, models: { one: {} } } },
  command: { wait: { template: "It said: !`cat pipe`" } },
  permission: "allow" as const,
});

async function post(server: TestServer, path: string, body: unknown): Promise<{ status: number; body: unknown }> {
  const response = await fetch(server.url + path, { method: "POST", body: JSON.stringify(body) });
  return { status: response.status, body: await response.json() };
}

/** As `serve` does. */
const stop = ({ listening, app }: TestServer): Promise<unknown> => Promise.all([listening.close(), app.end()]);

it.each([
  ["a login at an MCP server", "/mcp/far/auth", {}, unavailable],
  ["the end of a login at an MCP server", "/mcp/far/auth/authenticate", {}, unavailable],
  ["a connection to an MCP server", "/mcp/far/connect", {}, { status: 200, body: false }],
  ["the test of a model", "/provider/far/test", { modelID: "one" }, refused],
])("a server that stops ends the wait for %s that never answers", async (_name, path, body, answer) => {
  await using far = await silentServer();
  await using server = await testServer({ ...patient, config: configOf(far.origin) });
  const waiting = post(server, path, body);
  await far.asked;
  await stop(server);
  expect(await waiting).toMatchObject(answer);
});

it.each([
  ["a command of a template", (id: string) => `/session/${id}/command`, { command: "wait", arguments: "" }],
  ["a tool", () => "/tool/bash", { command: "cat pipe", description: "waits" }],
])("a server that stops ends %s that a call waits for", async (_name, path, body) => {
  await using server = await testServer({ ...patient, config: configOf("http://127.0.0.1:9") });
  execFileSync("mkfifo", [server.repository.join("pipe")]);
  const { id } = await postJSON<Session>(`${server.url}/session`, {});
  const waiting = post(server, path(id), body);
  // Opened when the command has opened it, too.
  await using _pipe = await open(server.repository.join("pipe"), "w");
  await stop(server);
  expect(await waiting).toMatchObject(refused);
});

it("who waits for a prompt in a queue is told that the server stops, and finds its answer with the same key at the next one", async () => {
  await using server = await testServer(patient);
  server.model.hang("busy").text("the answer");
  const { id } = await postJSON<Session>(`${server.url}/session`, {});
  const first = post(server, `/session/${id}/message`, say("one"));
  await server.model.received(1);
  const headers = { "content-type": "application/json", "idempotency-key": "two" };
  const send = (url: string) =>
    fetch(`${url}/session/${id}/message`, { method: "POST", headers, body: JSON.stringify({ ...say("two"), queue: "queue" }) });
  const second = send(server.url);
  await expect.poll(() => getJSON<QueuedPrompt[]>(`${server.url}/session/${id}/queue`)).toHaveLength(1);
  await stop(server);
  expect(await first).toMatchObject({ status: 200, body: { info: { error: { name: "MessageAbortedError" } } } });
  const told = await second;
  expect({ status: told.status, body: await told.json() }).toMatchObject(refused);
  const { repository, env, app } = server;
  const place = { directory: repository.path, database: app.database, env, version: "0.0.0-test", fetchLocal: async () => ({}) };
  await using next = await createApp({ ...place, onError: fail });
  await using listening = await listen(next, anywhere);
  await next.sessions.recover();
  const answer = await (await send(listening.url)).json();
  expect(answer).toMatchObject({ parts: expect.arrayContaining([expect.objectContaining({ type: "text", text: "the answer" })]) });
  const messages = await next.sessions.messages(id);
  expect(messages.items.filter(({ info }) => info.role === "user")).toHaveLength(2);
});

it("a tool that somebody else ends is no fault of the server", async () => {
  await using server = await testServer({ config: { permission: "allow" } });
  execFileSync("mkfifo", [server.repository.join("pipe")]);
  const { id } = await postJSON<Session>(`${server.url}/session`, {});
  const input = { command: "cat pipe", description: "waits" };
  const waiting = callerOf(server.app).call.tool.run({ name: "bash", sessionID: id, input });
  await using _pipe = await open(server.repository.join("pipe"), "w");
  await Promise.all([expect(waiting).rejects.toMatchObject({ cause: { name: "ConflictError" } }), server.app.sessions.abort(id)]);
});

// Its rejection had no handler, which ends a process of Node.
it("a command that is refused when its caller has gone does not end the server", async () => {
  await using server = await testServer();
  const { id } = await server.app.sessions.create(server.repository.path, {});
  const unknown = { command: "review", arguments: "", model: "mock/none" };
  await expect(server.app.sessions.command(id, unknown, AbortSignal.abort(shuttingDown()))).rejects.toThrow("shutting down");
  await expect(server.app.sessions.command(id, unknown)).rejects.toMatchObject({ name: "ProviderModelNotFoundError" });
});

it.each<Transport>(["SSE", "tRPC SSE"])("a reader of %s that takes nothing does not hold a server up that stops", async (transport) => {
  const size = 32 << 20;
  const limits = { soft: 2 * size, hard: 2 * size };
  await using server = await testServer({ listen: { ...patient.listen, stall: 600_000 }, log: { limits } });
  using _reader = await stalledReader(server.url, transport);
  // More than the buffers of a connection take.
  server.app.log.publish({ type: "tui.prompt.append", properties: { text: "x".repeat(size) } });
  await expect(stop(server)).resolves.toBeDefined();
});

it("a WebSocket that does not answer a goodbye does not hold a server up that stops", async () => {
  await using server = await testServer(patient);
  using socket = await rawSocket(server.url, "/trpc");
  await stop(server);
  expect(await socket.until(() => socket.closeCode() === 1001)).toBe(true);
});
