import { describe, expect, it } from "vitest";
import { type Database, openDatabase } from "../db/client.ts";
import { findCall } from "../db/queries/idempotency.ts";
import { eraseServers, saveServer } from "../db/queries/lease.ts";
import { createIdempotency, type IdempotencyOptions, type KeyedRequest } from "../src/idempotency/idempotency.ts";
import { storeFile } from "./helpers/store.ts";

const name = { principal: "owner", procedure: "session.create", key: "one" };
const request: KeyedRequest = { ...name, request: { a: 1, b: 2 }, isSecret: false, isRepeatable: false };
const answer = (text: string) => async () => ({ kind: "answer" as const, text });

/** Two servers on one store. Which of them live is the test's say; what counts as an effect is a row of the servers' table. */
async function twoServers(limits?: IdempotencyOptions["limits"]) {
  const store = await storeFile();
  const [one, other] = [await openDatabase(store.file), await openDatabase(store.file)];
  const dead = new Set<string>();
  const isAlive = async (id: string) => !dead.has(id);
  const service = (database: Database, serverID: string) => createIdempotency({ database, serverID, isAlive, limits });
  return {
    first: service(one, "srv_1"),
    second: service(other, "srv_2"),
    database: one,
    dies: () => dead.add("srv_1"),
    effect: () => one.write([saveServer(one.orm, { id: "x", host: "", pid: 0, started: "", seen: 0 })]),
    async [Symbol.asyncDispose]() {
      for (const database of [one, other]) await database[Symbol.asyncDispose]();
      await store[Symbol.asyncDispose]();
    },
  };
}

describe("a call with a key, on two servers that share a store", () => {
  it("is refused on one while it is under way on the other, and then answered by both", async () => {
    await using servers = await twoServers();
    const done = Promise.withResolvers<void>();
    const running = servers.first.once(request, async () => {
      await done.promise;
      return { kind: "answer", text: "made" };
    });
    await expect.poll(() => findCall(servers.database.orm, name)).toBeDefined();
    await expect(servers.second.once(request, answer("twice"))).rejects.toMatchObject({
      name: "ConflictError",
      data: { reason: "running" },
    });
    done.resolve();
    expect(await running).toBeUndefined();
    expect(await servers.second.once({ ...request, request: { b: 2, a: 1 } }, answer("twice"))).toEqual({ text: "made" });
    await expect(servers.second.once({ ...request, request: { a: 2 } }, answer("other"))).rejects.toMatchObject({ status: 422 });
  });

  it("that a crash cut short before anything was committed is done by whoever is asked next", async () => {
    await using servers = await twoServers();
    void servers.first.once(request, () => new Promise(() => {}));
    await expect.poll(() => findCall(servers.database.orm, name)).toBeDefined();
    servers.dies();
    expect(await servers.second.once(request, answer("second"))).toBeUndefined();
    expect((await findCall(servers.database.orm, name))?.answer).toBe("second");
  });

  it("that a crash cut short after its commit is not done twice: the second is told so", async () => {
    await using servers = await twoServers();
    void servers.first.once(request, async () => {
      await servers.effect();
      return new Promise(() => {});
    });
    await expect.poll(async () => (await findCall(servers.database.orm, name))?.effect).toBe(true);
    servers.dies();
    for (const _ of [1, 2]) await expect(servers.second.once(request, answer("twice"))).rejects.toMatchObject({ data: { reason: "lost" } });
  });

  it("that can be done again gets the same message id after a crash", async () => {
    await using servers = await twoServers();
    const ids: string[] = [];
    void servers.first.once({ ...request, isRepeatable: true }, async ({ messageID }) => {
      ids.push(messageID);
      await servers.effect();
      return new Promise(() => {});
    });
    await expect.poll(async () => (await findCall(servers.database.orm, name))?.effect).toBe(true);
    servers.dies();
    await servers.second.once({ ...request, isRepeatable: true }, async ({ messageID }) => {
      ids.push(messageID);
      return { kind: "answer", text: "done" };
    });
    expect(ids[0]).toMatch(/^msg_/);
    expect(ids[1]).toBe(ids[0]);
  });

  it("marks its effect with the first commit it makes, and with no other's", async () => {
    await using servers = await twoServers();
    await servers.first.once(request, async () => {
      expect((await findCall(servers.database.orm, name))?.effect).toBe(false);
      await servers.effect();
      return { kind: "answer", text: "made" };
    });
    expect((await findCall(servers.database.orm, name))?.effect).toBe(true);
    await servers.second.once({ ...request, key: "two" }, answer("nothing"));
    await servers.database.write([eraseServers(servers.database.orm, ["x"])]);
    expect((await findCall(servers.database.orm, { ...name, key: "two" }))?.effect).toBe(false);
  });
});

describe("what is kept", () => {
  it("holds no secret and nothing too large: the second call says so", async () => {
    await using servers = await twoServers({ age: 60_000, count: 10, bytes: 1000, answer: 100 });
    expect(await servers.first.once({ ...request, isSecret: true }, answer("sk-1234"))).toBeUndefined();
    await expect(servers.first.once({ ...request, isSecret: true }, answer(""))).rejects.toMatchObject({
      status: 409,
      data: { reason: "secret" },
    });
    expect(JSON.stringify(await findCall(servers.database.orm, name))).not.toContain("sk-1234");
    await servers.first.once({ ...request, key: "large" }, answer("x".repeat(101)));
    await expect(servers.first.once({ ...request, key: "large" }, answer(""))).rejects.toMatchObject({ data: { reason: "size" } });
  });

  it("is bounded in count, in bytes and in time", async () => {
    await using servers = await twoServers({ age: 60_000, count: 20, bytes: 1000, answer: 100 });
    for (let index = 0; index < 201; index += 1) await servers.first.once({ ...request, key: `key-${index}` }, answer("x".repeat(90)));
    const kept = await Promise.all(
      [0, 150, 189, 195, 200].map((index) => findCall(servers.database.orm, { ...name, key: `key-${index}` })),
    );
    expect(kept.map((row) => row !== undefined)).toEqual([false, false, false, true, true]);
  });
});
