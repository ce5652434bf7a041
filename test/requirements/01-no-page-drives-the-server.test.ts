import { once } from "node:events";
import { Agent } from "node:http";
import { describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import { say, watch } from "../helpers/app.ts";
import { send } from "../helpers/host.ts";
import { listedProcedures } from "../helpers/procedures.ts";
import { type TestServer, testServer } from "../helpers/server.ts";

const hostile: Record<string, Record<string, string>> = {
  "a foreign origin": { origin: "https://evil.example" },
  "a sandboxed origin": { origin: "null" },
  "a rebound name": { host: "evil.example:4096" },
  "a rebound name with its own origin": { host: "evil.example:4096", origin: "http://evil.example:4096" },
  "an image or script of a foreign page": { "sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors" },
};

const bodies: Record<string, { type?: string; body?: string }> = {
  "no body": {},
  "text/plain": { type: "text/plain", body: "{}" },
  "a form": { type: "application/x-www-form-urlencoded", body: "parts=x" },
  JSON: { type: "application/json", body: "{}" },
};

const streams = ["/event", "/events", "/global/event", "/api/chat/stream", "/trpc/event.subscribe", "/trpc/api.stream"];

/** Every way to reach every procedure: its REST addresses with the real session's id, and tRPC, alone and in a batch. */
function targets(sessionID: string): { method: string; path: string }[] {
  const rest = listedProcedures.flatMap(({ addresses }) =>
    addresses.map(({ method, path }) => ({
      method,
      path: path.replace("/session/x", `/session/${sessionID}`).replace("/sessions/x", `/sessions/${sessionID}`),
    })),
  );
  const trpc = listedProcedures.flatMap(({ name, type }) => {
    const method = type === "mutation" ? "POST" : "GET";
    return [`/trpc/${name}`, `/trpc/${name},${name}?batch=1`].map((path) => ({ method, path }));
  });
  return [...rest, ...trpc, ...streams.map((path) => ({ method: path.startsWith("/api") ? "POST" : "GET", path }))];
}

/** All that a call could change: the log, the sessions, the trail, the tokens. */
async function stateOf({ app }: TestServer): Promise<unknown> {
  const directory = app.directory;
  return [
    await app.log.position(),
    await app.sessions.list({ directory }),
    await app.audit.list(),
    await app.tokens.list(),
    await app.sessions.status(),
  ];
}

async function upgradeStatus(url: string, headers: Record<string, string>): Promise<number> {
  const socket = new WebSocket(url, { headers });
  socket.on("error", () => {});
  const status = await Promise.race([
    once(socket, "open").then(() => 101),
    once(socket, "unexpected-response").then(([, response]) => response.statusCode as number),
  ]);
  socket.terminate();
  return status;
}

describe("a hostile page executes nothing", () => {
  test.each(Object.entries(hostile))("%s, whatever it sends, on every route", async (_name, headers) => {
    await using server = await testServer();
    server.model.hang("thinking");
    const session = await server.app.sessions.create(server.repository.path, { title: "Mine" });
    using events = watch(server.app);
    // Something runs, that a page would like to abort.
    await server.app.sessions.promptAsync(session.id, say("go"));
    await events.until("message.part.delta");
    const before = await stateOf(server);
    const all = targets(session.id);
    const agent = new Agent({ keepAlive: true, maxSockets: 8 });
    expect(all.length).toBeGreaterThan(200);
    for (const { type, body } of Object.values(bodies)) {
      // What changes nothing is sent without a body: once is enough.
      const sendable = body === undefined ? all : all.filter(({ method }) => method !== "GET");
      const answers = sendable.map(async ({ method, path }) => {
        const sent = { ...headers, ...(type && { "content-type": type }) };
        const reply = await send(server.url + path, { method, headers: sent, body, agent });
        return [method, path, reply.status, reply.headers["access-control-allow-origin"]];
      });
      expect((await Promise.all(answers)).filter(([, , status, allowed]) => status !== 403 || allowed !== undefined)).toEqual([]);
    }
    for (const path of ["/trpc", "/ws", "/anything"])
      expect(await upgradeStatus(server.url.replace("http", "ws") + path, headers)).toBe(403);
    agent.destroy();
    expect(await stateOf(server)).toEqual(before);
  });

  test.each(Object.entries(hostile).filter(([, headers]) => headers.host || headers.origin))(
    "%s gets no preflight",
    async (_name, headers) => {
      await using server = await testServer();
      const asked = { "access-control-request-method": "POST", "access-control-request-headers": "content-type" };
      const agent = new Agent({ keepAlive: true, maxSockets: 8 });
      for (const { path } of targets("x")) {
        const reply = await send(server.url + path, { method: "OPTIONS", headers: { ...headers, ...asked }, agent });
        const allowed = Object.keys(reply.headers).filter((name) => name.startsWith("access-control-allow"));
        expect([path, reply.status, allowed]).toEqual([path, 403, []]);
      }
      agent.destroy();
    },
  );

  test("not with the password, a token or a ticket either: a browser may send them along", async () => {
    await using server = await testServer({ listen: { password: "secret" } });
    const { secret } = await server.app.tokens.create({ scope: "admin" }, { name: "test" });
    const authorization = `Basic ${Buffer.from("opencode:secret").toString("base64")}`;
    const { ticket } = server.app.tokens.tickets.issue({ name: "test", scopes: ["admin"] });
    const brought: Record<string, string>[] = [{ authorization }, { authorization: `Bearer ${secret}` }, {}];
    for (const sent of brought) {
      const headers = { origin: "https://evil.example", ...sent };
      expect((await send(`${server.url}/session`, { method: "POST", headers, body: "{}" })).status).toBe(403);
      expect((await send(`${server.url}/event?ticket=${ticket}`, { headers })).status).toBe(403);
    }
    expect(await server.app.sessions.list({ directory: server.app.directory })).toEqual([]);
  });
});
