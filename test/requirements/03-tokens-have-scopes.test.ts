import { once } from "node:events";
import { symlink } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import type { Scope } from "../../routers/trpc.ts";
import { scopesOf } from "../../src/schema/token.ts";
import { type Reply, send } from "../helpers/host.ts";
import { type ListedProcedure, listedProcedures } from "../helpers/procedures.ts";
import { type TestServer, testServer } from "../helpers/server.ts";
import { chatSocket } from "../helpers/socket.ts";
import { storeFile } from "../helpers/store.ts";

const password = "a password";
const actor = { name: "test" };
const scopes: Scope[] = ["read", "prompt", "admin"];

interface Holder {
  id: string;
  headers: { authorization: string };
}

async function holder(server: TestServer, scope: Scope, directories?: string[]): Promise<Holder> {
  const { token, secret } = await server.app.tokens.create({ scope, directories }, actor);
  return { id: token.id, headers: { authorization: `Bearer ${secret}` } };
}

/** What each way of calling a procedure answers: over REST at all its addresses, and over tRPC. */
async function callAll({ url }: TestServer, procedure: ListedProcedure, headers: Record<string, string>): Promise<Reply[]> {
  const rest = procedure.addresses.map(({ method, path }) => {
    const body = method === "GET" || method === "DELETE" ? {} : { body: "{}" };
    return send(url + path, { method, headers: { ...headers, "content-type": "application/json" }, ...body });
  });
  if (procedure.type === "subscription") return Promise.all(rest);
  return Promise.all([...rest, callTRPC(url, procedure, headers)]);
}

/** The input fits none: only a procedure without input runs. */
function callTRPC(url: string, { name, type }: ListedProcedure, headers: Record<string, string>): Promise<Reply> {
  const input = JSON.stringify({ json: 5 });
  if (type === "query") return send(`${url}/trpc/${name}?input=${encodeURIComponent(input)}`, { headers });
  return send(`${url}/trpc/${name}`, { method: "POST", headers: { ...headers, "content-type": "application/json" }, body: input });
}

const missingScope = (scope: Scope) => expect.stringContaining(`the scope \\"${scope}\\"`);

describe("scope x procedure", () => {
  test.each(["read", "prompt"] as const)("%s comes to nothing that needs more, over REST and tRPC", async (scope) => {
    await using server = await testServer({ listen: { password } });
    const { headers } = await holder(server, scope);
    const beyond = listedProcedures.filter(({ meta }) => !scopesOf(scope).includes(meta.scope));
    expect(beyond.length).toBeGreaterThan(scope === "read" ? 40 : 5);
    for (const procedure of beyond) {
      for (const reply of await callAll(server, procedure, headers)) {
        expect([procedure.name, reply.status, reply.text]).toEqual([procedure.name, 403, missingScope(procedure.meta.scope)]);
      }
    }
  });

  test.each(scopes)("%s comes to all that needs it or less", async (scope) => {
    await using server = await testServer({ listen: { password } });
    const { headers } = await holder(server, scope);
    const within = listedProcedures.filter(
      ({ meta, type }) => scopesOf(scope).includes(meta.scope) && type !== "subscription" && !meta.rest?.endless,
    );
    for (const procedure of within) {
      const reply = await callTRPC(server.url, procedure, headers);
      expect([procedure.name, reply.status === 401 || reply.text.includes("needs the scope")]).toEqual([procedure.name, false]);
    }
  });

  test("nobody comes to anything without one, where a password is set", async () => {
    await using server = await testServer({ listen: { password } });
    // A share link is its own secret.
    const open = ["GET /global/health", "GET /health", "GET /share/x/data"];
    for (const procedure of listedProcedures) {
      for (const { method, path } of procedure.addresses) {
        if (open.includes(`${method} ${path}`)) continue;
        expect([method, path, (await send(server.url + path, { method })).status]).toEqual([method, path, 401]);
      }
      if (procedure.type !== "subscription") expect((await callTRPC(server.url, procedure, {})).status).toBe(401);
    }
    for (const path of ["/event", "/events", "/global/event", "/doc"]) expect((await send(server.url + path)).status).toBe(401);
  });

  test.each(["read", "prompt"] as const)("%s: the same over WebSocket, tRPC and chat, and the chat's event stream", async (scope) => {
    await using server = await testServer({ listen: { password } });
    const { headers } = await holder(server, scope);
    const socket = new WebSocket(`${server.url.replace("http", "ws")}/trpc`, { headers });
    await once(socket, "open");
    const beyond = listedProcedures.filter(({ meta }) => !scopesOf(scope).includes(meta.scope));
    const answers = new Map<number, unknown>();
    const all = new Promise<void>((resolve) => {
      socket.on("message", (data) => {
        const { id, error } = JSON.parse(String(data));
        answers.set(id, error?.json?.data);
        if (answers.size === beyond.length) resolve();
      });
    });
    for (const [id, { name, type }] of beyond.entries())
      socket.send(JSON.stringify({ id, method: type, params: { path: name, input: { json: {} } } }));
    await all;
    for (const [id, { meta }] of beyond.entries())
      expect(answers.get(id)).toMatchObject({ name: "ForbiddenError", data: { scope: meta.scope } });
    socket.terminate();
    if (scope === "prompt") return;
    using chat = await chatSocket(server.url, { headers });
    chat.send({ type: "chat", message: "hi", sessionId: null });
    expect(await chat.until("error")).toMatchObject({ name: "ForbiddenError" });
    chat.send({ type: "subscribe" });
    await chat.until("subscribed");
    const body = JSON.stringify({ message: "hi", sessionId: null });
    expect((await send(`${server.url}/api/chat/stream`, { method: "POST", headers, body })).status).toBe(403);
  });
});

/** Opens every kind of stream there is; resolves when all are open. `ended`: when all are closed. */
async function openStreams({ url }: TestServer, { headers }: Holder): Promise<{ ended: Promise<unknown> }> {
  const sse = await Promise.all(["/event", "/global/event", "/trpc/event.subscribe"].map((path) => fetch(url + path, { headers })));
  const readers = sse.map((response) => response.body?.getReader());
  for (const reader of readers) await reader?.read();
  const sockets = ["/trpc", "/ws"].map((path) => new WebSocket(url.replace("http", "ws") + path, { headers }));
  await Promise.all(sockets.map((socket) => once(socket, "open")));
  const drained = readers.map(async (reader) => {
    while (!(await reader?.read().catch(() => ({ done: true })))?.done);
  });
  return { ended: Promise.all([...drained, ...sockets.map((socket) => once(socket, "close"))]) };
}

describe("an end", () => {
  test("by revocation closes every open stream, and none of another token", async () => {
    await using server = await testServer({ listen: { password } });
    const [one, other] = [await holder(server, "read"), await holder(server, "read")];
    const { ended } = await openStreams(server, one);
    const others = await openStreams(server, other);
    let isOver = false;
    void others.ended.then(() => {
      isOver = true;
    });
    await server.app.tokens.revoke(one.id, actor);
    await ended;
    expect(isOver).toBe(false);
    expect((await send(`${server.url}/event`, { headers: one.headers })).status).toBe(401);
  });

  test("by revocation at another server of the store does, too", async () => {
    await using store = await storeFile();
    await using server = await testServer({ database: store.file, listen: { password } });
    await using second = await testServer({ database: store.file, listen: { password } });
    const token = await holder(server, "read");
    const { ended } = await openStreams(second, token);
    const path = `${server.url}/token/${token.id}`;
    const headers = { authorization: `Basic ${Buffer.from(`opencode:${password}`).toString("base64")}` };
    expect((await send(path, { method: "DELETE", headers })).status).toBe(200);
    await ended;
  });

  test("by time does, too", async () => {
    await using server = await testServer({ listen: { password } });
    const { token, secret } = await server.app.tokens.create({ scope: "read", expires: Date.now() + 1_500 }, actor);
    const { ended } = await openStreams(server, { id: token.id, headers: { authorization: `Bearer ${secret}` } });
    await ended;
  });
});

describe("a token of one directory", () => {
  const files = { "mine/a.txt": "a", "theirs/secret.txt": "their secret" };

  /** A session in each directory; what the token's holder may know is the first. */
  async function setting(scope: Scope = "prompt") {
    const server = await testServer({ files, listen: { password } });
    const [mine, theirs] = [server.repository.join("mine"), server.repository.join("theirs")];
    const sessions = {
      mine: await server.app.sessions.create(mine, {}),
      theirs: await server.app.sessions.create(theirs, { title: "their title" }),
    };
    const { headers } = await holder(server, scope, [mine]);
    return { server, mine, theirs, sessions, headers, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
  }

  test("works there unless told otherwise, and is refused elsewhere, existing or not", async () => {
    await using given = await setting();
    const { url } = given.server;
    const path = (await send(`${url}/path`, { headers: given.headers })).json;
    expect(path).toMatchObject({ directory: given.mine });
    for (const elsewhere of [given.theirs, given.server.repository.path, `${given.mine}/../theirs`, "/etc", "/no/such/place"]) {
      for (const address of ["/path", "/session", "/event", "/file/content?path=secret.txt", "/permission", "/find?pattern=secret"]) {
        const reply = await send(`${url}${address}${address.includes("?") ? "&" : "?"}directory=${encodeURIComponent(elsewhere)}`, given);
        expect([elsewhere, address, reply.status]).toEqual([elsewhere, address, 403]);
        expect(reply.text).not.toContain("their secret");
      }
    }
  });

  test("finds no session of another directory by any procedure", async () => {
    await using given = await setting();
    const { server, sessions, headers } = given;
    const fields = ["sessionID", "sessionId", "parentID"];
    const addressed = listedProcedures.filter(({ meta }) => /\{session/i.test(meta.openapi?.path ?? ""));
    expect(addressed.length).toBeGreaterThan(20);
    for (const { name, meta } of addressed.filter(({ meta }) => meta.scope !== "admin")) {
      const path = (meta.openapi?.path ?? "").replace(/\{sessionI[dD]\}/, sessions.theirs.id).replaceAll(/\{\w+\}/g, "x");
      const method = meta.openapi?.method ?? "GET";
      const reply = await send(server.url + path, { method, headers, ...(method !== "GET" && { body: "{}" }) });
      expect([name, reply.status]).toEqual([name, 404]);
    }
    for (const field of fields) {
      const reply = await send(`${server.url}/session`, { method: "POST", headers, body: JSON.stringify({ [field]: sessions.theirs.id }) });
      expect(reply.status).toBe(404);
    }
    expect((await send(`${server.url}/session/${sessions.mine.id}`, { headers })).status).toBe(200);
    await server.app.sessions.get(sessions.theirs.id);
  });

  test("forgets nothing that was remembered in another directory, which it does not see either", async () => {
    await using given = await setting();
    const { server, headers, theirs, mine } = given;
    const owner = { authorization: `Basic ${btoa(`opencode:${password}`)}` };
    const body = JSON.stringify({ command: "remember", arguments: "their note" });
    server.model.text("Done.");
    await send(`${server.url}/session/${given.sessions.theirs.id}/command`, { method: "POST", headers: owner, body });
    const memories = async () => (await send(`${server.url}/memory?directory=${encodeURIComponent(theirs)}`, { headers: owner })).json;
    const [memory] = (await memories()) as { id: string }[];
    for (const directory of [mine, theirs]) {
      const address = `${server.url}/memory/${memory?.id}?directory=${encodeURIComponent(directory)}`;
      expect((await send(address, { method: "DELETE", headers })).status).toBe(directory === mine ? 404 : 403);
    }
    expect(await memories()).toHaveLength(1);
  });

  test("is told nothing of another directory by any list", async () => {
    await using given = await setting();
    const lists = listedProcedures.filter(({ meta, type }) => type === "query" && meta.scope !== "admin" && !meta.rest?.endless);
    for (const { addresses } of lists) {
      for (const { method, path } of addresses) {
        for (const query of ["", "?scope=project", "?roots=false&limit=100"]) {
          const { text } = await send(given.server.url + path + query, { method, headers: given.headers });
          expect([path, text.includes(given.sessions.theirs.id), text.includes("their title")]).toEqual([path, false, false]);
        }
      }
    }
  });

  test("hears of its own directory alone, on every stream", async () => {
    await using given = await setting();
    const { server, mine, theirs, headers } = given;
    const stream = await fetch(`${server.url}/global/event`, { headers });
    const subscription = await fetch(`${server.url}/trpc/event.subscribe?input=${encodeURIComponent('{"json":{"directory":"all"}}')}`, {
      headers,
    });
    using chat = await chatSocket(server.url, { headers });
    chat.send({ type: "subscribe", directory: "all" });
    await chat.until("subscribed");
    const [hidden, seen] = [await server.app.sessions.create(theirs, {}), await server.app.sessions.create(mine, {})];
    for (const { body } of [stream, subscription]) {
      const text = await readUntil(body, seen.id);
      expect([text.includes(seen.id), text.includes(hidden.id)]).toEqual([true, false]);
    }
    await chat.until("event", (frame) => JSON.stringify(frame).includes(seen.id));
    expect(JSON.stringify(chat.frames)).not.toContain(hidden.id);
  });

  test("reads no file of another directory into a prompt", async () => {
    await using given = await setting();
    const url = `file://${given.server.repository.join("theirs/secret.txt")}`;
    const body = JSON.stringify({ noReply: true, parts: [{ type: "file", mime: "text/plain", url, filename: "x" }] });
    const reply = await send(`${given.server.url}/session/${given.sessions.mine.id}/message`, {
      method: "POST",
      headers: given.headers,
      body,
    });
    expect([reply.status, reply.text.includes("their secret")]).toEqual([404, false]);
  });

  test("reads none by naming it to a command, also through a link", async () => {
    await using given = await setting();
    const { model, url, app } = given.server;
    await symlink(given.theirs, join(given.mine, "link"));
    const secret = join(given.theirs, "secret.txt");
    const name = (headers: Record<string, string>) => {
      model.text("Done.").text("A title");
      const body = JSON.stringify({ command: "init", arguments: `@../theirs/secret.txt @link/secret.txt @${secret} @../theirs` });
      return send(`${url}/session/${given.sessions.mine.id}/command`, { method: "POST", headers, body });
    };
    expect((await name(given.headers)).status).toBe(200);
    const told = () => JSON.stringify(model.requests()).includes("their secret");
    expect(told()).toBe(false);
    // Who is not limited may name it: the server works in both.
    const owner = { authorization: `Basic ${btoa(`opencode:${password}`)}` };
    expect((await name(owner)).status).toBe(200);
    expect(told()).toBe(true);
    await app.sessions.settled();
  });
});

async function readUntil(body: ReadableStream<Uint8Array> | null, word: string): Promise<string> {
  let text = "";
  const decoder = new TextDecoder();
  const reader = body?.getReader();
  while (!text.includes(word)) {
    const { value, done } = (await reader?.read()) ?? { done: true, value: undefined };
    if (done) break;
    text += decoder.decode(value, { stream: true });
  }
  await reader?.cancel();
  return text;
}
