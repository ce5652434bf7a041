import { once } from "node:events";
import { readdir, readFile } from "node:fs/promises";
import type { IncomingMessage } from "node:http";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import type { AppError } from "../../src/schema/error.ts";
import type { Token, TokenCreate } from "../../src/schema/token.ts";
import { createAuth } from "../../src/server/auth.ts";
import { createThrottle } from "../../src/server/throttle.ts";
import { createTickets } from "../../src/token/ticket.ts";
import { send } from "../helpers/host.ts";
import { type TestServer, testServer } from "../helpers/server.ts";

const password = "a password";
const basic = (text: string) => ({ authorization: `Basic ${Buffer.from(text).toString("base64")}` });
const owner = basic(`opencode:${password}`);
const bearer = (secret: string) => ({ authorization: `Bearer ${secret}` });

const closed = () => testServer({ listen: { password } });

async function create(server: TestServer, input: TokenCreate): Promise<{ token: Token; secret: string }> {
  const reply = await send(`${server.url}/token`, { method: "POST", headers: owner, body: JSON.stringify(input) });
  expect(reply.status, reply.text).toBe(200);
  return reply.json as { token: Token; secret: string };
}

describe("a token", () => {
  test("is made, let in as Bearer, as a password of Basic and as auth_token, listed without its secret, and revoked", async () => {
    await using server = await closed();
    const { token, secret } = await create(server, { scope: "prompt", name: "bot" });
    expect(token).toMatchObject({ id: expect.stringMatching(/^tok_/), name: "bot", scope: "prompt" });
    for (const headers of [bearer(secret), basic(`anybody:${secret}`), basic(`token:${secret}`)]) {
      expect((await send(`${server.url}/session`, { headers })).status).toBe(200);
    }
    expect((await send(`${server.url}/session?auth_token=${secret}`)).status).toBe(200);
    const list = await send(`${server.url}/token`, { headers: owner });
    expect(list.json).toEqual([token]);
    expect(list.text).not.toContain(secret);

    const revoked = await send(`${server.url}/token/${token.id}`, { method: "DELETE", headers: owner });
    expect(revoked.json).toMatchObject({ id: token.id, revoked: expect.any(Number) });
    const refused = await send(`${server.url}/session`, { headers: bearer(secret) });
    expect([refused.status, refused.headers["www-authenticate"]]).toEqual([401, expect.stringMatching(/Basic .*Bearer /)]);
    expect(refused.json).toMatchObject({ name: "UnauthorizedError", message: expect.stringContaining("revoked") });
  });

  test("is kept as a hash", async () => {
    await using server = await closed();
    const { secret } = await create(server, { scope: "read" });
    const entries = await readdir(server.home.path, { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
    expect(files.length).toBeGreaterThan(0);
    for (const file of files) expect((await readFile(file)).includes(secret.slice("cpt_".length))).toBe(false);
  });

  test("that has expired, is unknown or was never one lets nobody in, with or without a password", async () => {
    for (const listen of [{ password }, {}]) {
      await using server = await testServer({ listen });
      const { secret } = await server.app.tokens.create({ scope: "read", expires: Date.now() + 3_600_000 }, { name: "test" });
      const later = await server.app.tokens.create({ scope: "read", expires: Date.now() + 1 }, { name: "test" });
      while ((await server.app.tokens.ended([later.token.id])).length === 0);
      expect((await send(`${server.url}/session`, { headers: bearer(secret) })).status).toBe(200);
      for (const wrong of [later.secret, `${secret}x`, "cpt_", "cpt_%00"]) {
        expect([wrong, (await send(`${server.url}/session`, { headers: bearer(wrong) })).status]).toEqual([wrong, 401]);
      }
    }
  });

  test("without a password limits who brings it, and nobody else", async () => {
    await using server = await testServer();
    const { secret } = await server.app.tokens.create({ scope: "read" }, { name: "test" });
    const create = (headers: Record<string, string>) => send(`${server.url}/session`, { method: "POST", headers, body: "{}" });
    expect((await create(bearer(secret))).json).toMatchObject({ name: "ForbiddenError", data: { scope: "prompt" } });
    expect((await create({})).status).toBe(200);
  });

  test.each<[object, number, string]>([
    [{ scope: "owner" }, 400, "scope"],
    [{ scope: "read", expires: 5 }, 400, "expires"],
    [{ scope: "read", directories: ["relative"] }, 400, "directories"],
    [{ scope: "read", directories: [] }, 400, "directories"],
    [{ scope: "admin", directories: ["/"] }, 400, "directories"],
    [{ scope: "read", directories: ["/no/such/place"] }, 404, "/no/such/place"],
  ])("%j cannot be: %i names %s", async (input, status, named) => {
    await using server = await testServer();
    const reply = await send(`${server.url}/token`, { method: "POST", body: JSON.stringify(input) });
    expect([reply.status, reply.text]).toEqual([status, expect.stringContaining(named)]);
    expect((await send(`${server.url}/token/tok_unknown`, { method: "DELETE" })).status).toBe(404);
  });
});

describe("a ticket", () => {
  test("opens one stream with the rights of whoever got it, once", async () => {
    await using server = await closed();
    const { secret } = await create(server, { scope: "read" });
    const ticket = async () => {
      const reply = await send(`${server.url}/token/ticket`, { method: "POST", headers: bearer(secret) });
      return (reply.json as { ticket: string }).ticket;
    };
    const first = await ticket();
    const stream = await fetch(`${server.url}/event?ticket=${first}`);
    expect(stream.status).toBe(200);
    await stream.body?.cancel();
    expect((await fetch(`${server.url}/event?ticket=${first}`)).status).toBe(401);
    const socket = new WebSocket(`${server.url.replace("http", "ws")}/trpc?ticket=${await ticket()}`);
    await once(socket, "open");
    socket.send(JSON.stringify({ id: 1, method: "mutation", params: { path: "session.create", input: { json: {} } } }));
    const [answer] = await once(socket, "message");
    expect(String(answer)).toContain("ForbiddenError");
    socket.terminate();
    expect((await send(`${server.url}/session?ticket=${await ticket()}`, { method: "POST", body: "{}" })).status).toBe(401);
    expect((await fetch(`${server.url}/event?ticket=made-up`)).status).toBe(401);
  });

  test("is forgotten after half a minute, and the oldest when there are too many", () => {
    let now = 0;
    const tickets = createTickets(() => now);
    const holder = { name: "me", scopes: ["read" as const] };
    const [early, late] = [tickets.issue(holder), tickets.issue(holder)];
    now = early.expires - 1;
    expect(tickets.take(early.ticket)).toBe(holder);
    now = late.expires;
    expect(tickets.take(late.ticket)).toBeUndefined();
    const first = tickets.issue(holder);
    for (let count = 0; count < 10_000; count += 1) tickets.issue(holder);
    expect(tickets.take(first.ticket)).toBeUndefined();
  });
});

describe("guessing", () => {
  test("is answered later and later, address by address, and forgotten in time", () => {
    let now = 0;
    const throttle = createThrottle({ free: 2, first: 100, longest: 1_000, memory: 60_000, most: 3, now: () => now });
    const waits = (address: string, count: number) => Array.from({ length: count }, () => throttle.failed(address));
    expect(waits("a", 8)).toEqual([0, 0, 100, 200, 400, 800, 1_000, 1_000]);
    expect(waits("b", 1)).toEqual([0]);
    throttle.succeeded("a");
    expect(waits("a", 3)).toEqual([0, 0, 100]);
    now = 60_000;
    expect(waits("a", 1)).toEqual([0]);
    // Three addresses are kept in mind: b, which failed longest ago, gives way.
    waits("b", 2);
    waits("c", 2);
    waits("d", 2);
    waits("e", 2);
    expect(waits("b", 1)).toEqual([0]);
  });

  /** How a caller from this address with this password fares. */
  function callers(throttle = createThrottle({ free: 3, first: 20, longest: 40 })) {
    const tokens = { verify: async () => expect.fail("no token was sent") } as never;
    const authenticate = createAuth({ password: "a password", username: "opencode", tokens, throttle });
    const request = (remoteAddress: string, login: string) =>
      ({ method: "GET", socket: { remoteAddress }, headers: basic(login) }) as unknown as IncomingMessage;
    return (address: string, login: string) =>
      authenticate(request(address, login), "/session", new URLSearchParams()).then(
        ({ name }) => name,
        (error: AppError) => error.status,
      );
  }

  test("a hundred times at once from elsewhere takes as long as a hundred in a row, and past that is refused unseen", async () => {
    const waits: number[] = [];
    const throttle = createThrottle({ free: 3, first: 1, longest: 4 });
    const noted = { ...throttle, failed: (address: string) => waits.push(throttle.failed(address)) };
    const call = callers(noted);
    const guess = (count: number) => Promise.all(Array.from({ length: count }, () => call("203.0.113.5", "opencode:wrong")));
    const started = performance.now();
    expect(new Set(await guess(100))).toEqual(new Set([401]));
    expect(waits).toEqual([0, 0, 0, 1, 2, ...Array.from({ length: 95 }, () => 4)]);
    expect(performance.now() - started).toBeGreaterThan(95 * 4 - 100);
    const statuses = await guess(100);
    expect(statuses.filter((status) => status === 429)).toHaveLength(80);
    expect(waits).toHaveLength(120);
  });

  test("from one address keeps the owner out of no other, nor of this machine", async () => {
    const call = callers(createThrottle({ free: 1, first: 3_600_000, longest: 3_600_000 }));
    for (const address of ["203.0.113.5", "2001:db8::1"]) await call(address, "opencode:wrong");
    void Promise.all(Array.from({ length: 50 }, () => call("203.0.113.5", "opencode:wrong")));
    void Promise.all(Array.from({ length: 50 }, (_, index) => call(`2001:db8::${index}`, "opencode:wrong")));
    for (const address of ["203.0.113.6", "2001:db8:0:1::1", "127.0.0.1", "::1", "::ffff:127.0.0.1"])
      expect([address, await call(address, "opencode:a password")]).toEqual([address, "owner"]);
    expect(await call("::ffff:203.0.113.5", "opencode:a password")).toBe(429);
    expect(await call("2001:db8::ffff", "opencode:a password")).toBe(429);
  });

  test("does not keep the owner out", async () => {
    await using server = await closed();
    const guesses = Array.from({ length: 12 }, () => send(`${server.url}/session`, { headers: basic("opencode:wrong") }));
    expect((await send(`${server.url}/session`, { headers: owner })).status).toBe(200);
    for (const { status } of await Promise.all(guesses)) expect(status).toBe(401);
  });
});
