import { describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import type { App } from "../../src/app.ts";
import { defaultLimits } from "../../src/schema/limits.ts";
import { createQuota } from "../../src/server/quota.ts";
import { createTurnSlots } from "../../src/session/turn-slots.ts";
import { say, watch } from "../helpers/app.ts";
import { type Reply, send } from "../helpers/host.ts";
import { getJSON, postJSON, testServer, trpcClient } from "../helpers/server.ts";
import { chatSocket } from "../helpers/socket.ts";
import { stalledReader } from "../helpers/stalled.ts";

const never = new AbortController().signal;
const turn = (id: string, parentID?: string) => ({ id, parentID });

describe("turns that run at a time", () => {
  it("are bounded, and sessions take their turns one after the other, whatever each has waiting", async () => {
    const slots = createTurnSlots(() => 1);
    const order: string[] = [];
    const session = async (name: string, turns: number) => {
      for (let index = 0; index < turns; index += 1) {
        const release = await slots.take(turn(name), never);
        order.push(name);
        expect(slots.stats().running).toBe(1);
        await new Promise(setImmediate);
        release?.();
      }
    };
    await Promise.all([session("greedy", 4), session("second", 1), session("third", 2)]);
    expect(order).toEqual(["greedy", "second", "third", "greedy", "third", "greedy", "greedy"]);
    expect(slots.stats()).toEqual({ running: 0, waiting: 0 });
  });

  it("leave room for those that a running one waits for, however long the line is", async () => {
    const slots = createTurnSlots(() => 1);
    const other = await slots.take(turn("other"), never);
    const parent = slots.take(turn("parent"), never);
    const stranger = slots.take(turn("stranger"), never);
    const grandchild = slots.take(turn("grandchild", "child"), never);
    const child = slots.take(turn("child", "parent"), never);
    other?.();
    const family = [await parent, await child, await grandchild];
    expect(slots.stats()).toEqual({ running: 3, waiting: 1 });
    for (const release of family) release?.();
    (await stranger)?.();
    expect(slots.stats()).toEqual({ running: 0, waiting: 0 });
  });

  it("are not waited for by who was stopped", async () => {
    const slots = createTurnSlots(() => 1);
    const release = await slots.take(turn("one"), never);
    const stop = new AbortController();
    const waiting = slots.take(turn("two"), stop.signal);
    stop.abort();
    expect(await waiting).toBeUndefined();
    release?.();
    expect(slots.stats()).toEqual({ running: 0, waiting: 0 });
  });

  it("beyond them prompts are listed as queued, can be aborted, and run when there is a place", async () => {
    await using server = await testServer({ limits: { turns: 1 } });
    const { app, model } = server;
    model.hang("thinking").text("Second.");
    const [first, second, third] = [await open(server), await open(server), await open(server)];
    using events = watch(app);
    await app.sessions.promptAsync(first, say("one"));
    await model.received(1);
    await app.sessions.promptAsync(second, say("two"));
    await app.sessions.promptAsync(third, say("three"));
    await expect.poll(() => app.sessions.turns()).toEqual({ running: 1, waiting: 2 });
    expect(await getJSON(`${server.url}/session/${second}/queue`)).toHaveLength(1);
    await postJSON(`${server.url}/session/${third}/abort`, {});
    expect(app.sessions.turns()).toEqual({ running: 1, waiting: 1 });
    await postJSON(`${server.url}/session/${first}/abort`, {});
    await events.until("session.idle", ({ properties }) => properties.sessionID === second);
    expect(await getJSON(`${server.url}/session/${second}/queue`)).toEqual([]);
    expect((await app.sessions.messages(second)).items.at(-1)?.info.role).toBe("assistant");
  });

  it("16 of them and a tool that floods its output leave the health check answered", async () => {
    await using server = await testServer({ config: { permission: { "*": "allow" } } });
    const { app, model } = server;
    for (let index = 0; index < 15; index += 1) model.hang("thinking");
    for (let index = 0; index < 15; index += 1) await app.sessions.promptAsync(await open(server), say("think"));
    await model.received(15);
    model.calls({ name: "bash", input: { command: "yes flood | head -c 20000000", description: "floods" } }).text("Done.");
    const flooded = app.sessions.prompt(await open(server), say("flood"));
    let isDone = false;
    void flooded.finally(() => {
      isDone = true;
    });
    let answered = 0;
    do {
      expect((await fetch(`${server.url}/global/health`)).status).toBe(200);
      answered += 1;
    } while (!isDone);
    expect(answered).toBeGreaterThan(0);
    expect((await flooded).info).toMatchObject({ role: "assistant" });
  });
});

describe("past a limit the answer is 429 and says when to come again", () => {
  it("for prompts that would wait; the session is as it was", async () => {
    await using server = await testServer({ limits: { turns: 1, queuedPerSession: 1, queued: 2 } });
    const { app, model } = server;
    model.hang("thinking");
    const [busy, other] = [await open(server), await open(server)];
    await app.sessions.promptAsync(busy, say("one"));
    await model.received(1);
    await app.sessions.promptAsync(busy, { ...say("two"), queue: "queue" });
    const body = JSON.stringify({ ...say("three"), queue: "queue" });
    const refused = await send(`${server.url}/session/${busy}/prompt_async`, { method: "POST", body });
    expectTooMany(refused);
    expect(await getJSON(`${server.url}/session/${busy}/queue`)).toHaveLength(1);
    await app.sessions.promptAsync(other, say("four"));
    const third = await open(server);
    expectTooMany(await send(`${server.url}/session/${third}/message`, { method: "POST", body }));
    expect((await app.sessions.messages(third)).items).toEqual([]);
    await using client = trpcClient(server.url);
    const failure = await client.trpc.session.promptAsync.mutate({ sessionID: busy, ...say("five") }).catch((error: unknown) => error);
    expect(failure).toMatchObject({ data: { httpStatus: 429, code: "TOO_MANY_REQUESTS", name: "TooManyRequestsError" } });
  });

  it("for streams and WebSockets; closing one makes room", async () => {
    await using server = await testServer({ listen: { limits: { subscribers: 2 } } });
    using first = await stalledReader(server.url, "SSE");
    using _second = await stalledReader(server.url, "/ws");
    for (const path of ["/event", "/global/event"]) expectTooMany(await send(server.url + path));
    const subscription = `${server.url}/trpc/event.subscribe?input=${encodeURIComponent(JSON.stringify({ json: {} }))}`;
    const refused = await send(subscription, { headers: { accept: "text/event-stream" } });
    expect([refused.status, refused.headers["retry-after"]]).toEqual([429, "10"]);
    expect(await upgrade(server.url)).toEqual({ status: 429, retryAfter: "10" });
    expect((await send(`${server.url}/session`)).status).toBe(200);
    first[Symbol.dispose]();
    await expect.poll(() => upgrade(server.url)).toEqual({ status: 101 });
  });

  it("for subscriptions within one WebSocket; one that is over makes room", async () => {
    await using server = await testServer({ listen: { limits: { subscribers: 2 } } });
    await using client = trpcClient(server.url);
    const subscribe = () => {
      const { promise: told, resolve } = Promise.withResolvers<unknown>();
      const options = { onData: () => resolve("started"), onError: (error: unknown) => resolve(error) };
      return { told, ...client.trpc.event.subscribe.subscribe(undefined, options) };
    };
    const first = subscribe();
    expect(await first.told).toBe("started");
    expect(await subscribe().told).toMatchObject({ data: { httpStatus: 429, name: "TooManyRequestsError", data: { retryAfter: 10 } } });
    first.unsubscribe();
    await expect.poll(() => subscribe().told).toBe("started");
  });

  it("for requests, on every transport; the health check goes on", async () => {
    await using server = await testServer({ listen: { limits: { requestsPerSecond: 1 } } });
    using chat = await chatSocket(server.url);
    const statuses: number[] = [];
    for (let index = 0; index < 12; index += 1) statuses.push((await send(`${server.url}/session`)).status);
    expect(statuses.slice(0, 5)).toEqual([200, 200, 200, 200, 200]);
    expect(statuses).toContain(429);
    expectTooMany(await untilRefused(() => send(`${server.url}/session`)));
    expect((await untilRefused(() => send(`${server.url}/trpc/session.list`))).headers["retry-after"]).toBe("1");
    for (let index = 0; index < 7; index += 1) chat.send({ type: "abort", id: index, sessionId: "ses_none" });
    expect(await chat.until("error", ({ name }) => name === "TooManyRequestsError")).toMatchObject({ data: { retryAfter: 1 } });
    for (let index = 0; index < 20; index += 1) expect((await send(`${server.url}/global/health`)).status).toBe(200);
  });

  it("by its own rate for each token and address, and never for good", () => {
    let time = 0;
    const quota = createQuota({ ...defaultLimits, requestsPerSecond: 2 }, () => time);
    const [one, two] = [
      { name: "token a", scopes: [], token: "a" },
      { name: "local", scopes: [], address: "::1" },
    ];
    for (let index = 0; index < 10; index += 1) quota.request(one);
    expect(() => quota.request(one)).toThrow(expect.objectContaining({ name: "TooManyRequestsError" }));
    quota.request(two);
    time += 500;
    quota.request(one);
    expect(() => quota.request(one)).toThrow();
  });
});

async function open({ app }: { app: App }): Promise<string> {
  return (await app.sessions.create(app.directory, { title: "A session" })).id;
}

async function upgrade(url: string): Promise<{ status: number; retryAfter?: string }> {
  const socket = new WebSocket(`${url.replace("http", "ws")}/ws`);
  const { promise, resolve } = Promise.withResolvers<{ status: number; retryAfter?: string }>();
  socket.on("error", () => {});
  socket.once("open", () => resolve({ status: 101 }));
  socket.once("unexpected-response", (_request, { statusCode = 0, headers }) =>
    resolve({ status: statusCode, retryAfter: headers["retry-after"] }),
  );
  const answer = await promise;
  socket.terminate();
  return answer;
}

function expectTooMany(reply: Reply): void {
  expect(reply.json).toMatchObject({ name: "TooManyRequestsError", data: { limit: expect.any(Number), retryAfter: expect.any(Number) } });
  expect(reply.status).toBe(429);
  expect(Number(reply.headers["retry-after"])).toBeGreaterThan(0);
}

/** A second may pass between two requests on a slow machine. */
async function untilRefused(request: () => Promise<Reply>): Promise<Reply> {
  for (;;) {
    const reply = await request();
    if (reply.status === 429) return reply;
  }
}
