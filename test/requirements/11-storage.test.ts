import { sql } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { openDatabase } from "../../db/client.ts";
import { listEvents } from "../../db/queries/event.ts";
import { begunErasures, noteErasure } from "../../db/queries/upkeep.ts";
import type { LogEntry } from "../../src/event/log.ts";
import type { Session } from "../../src/schema/session.ts";
import { createUpkeep } from "../../src/upkeep/upkeep.ts";
import { fail, say, type TestApp, testApp } from "../helpers/app.ts";
import { getJSON, postJSON, testServer } from "../helpers/server.ts";
import { scope, storeFile, testLog, testSession, testText } from "../helpers/store.ts";

const day = 24 * 3_600_000;
const quiet = { finishRemovals: async () => {}, prune: async () => [] };

/** Sets the clock of sessions back. */
async function age({ app }: Pick<TestApp, "app">, sessions: Session[], days: number): Promise<void> {
  await using store = await openDatabase(app.database);
  const then = Date.now() - days * day;
  for (const { id } of sessions) await store.orm.run(sql`update session set updated = ${then} where id = ${id}`);
}

describe("retention", () => {
  it("deletes whole sessions that nobody changed for long, and says so in the audit", async () => {
    await using server = await testServer();
    const { sessions, directory, audit } = server.app;
    const create = (change = {}) => sessions.create(directory, { title: "A session", ...change });
    const [old, family, archived, tagged, young, waiting] = await Promise.all([create(), create(), create(), create(), create(), create()]);
    const child = await create({ parentID: family.id });
    const grown = await create();
    const active = await create({ parentID: grown.id });
    await sessions.prompt(old.id, { ...say("remember"), noReply: true });
    await sessions.update(archived.id, { time: { archived: 1 } });
    await sessions.bulk([tagged.id], { action: "tag", add: ["kept"] });
    server.model.hang();
    await sessions.promptAsync(waiting.id, say("go on"));
    await server.model.received(1);
    await age(server, [old, family, child, archived, tagged, grown, waiting], 40);
    await age(server, [young, active], 20);
    const policy = { days: 30, keep: ["archived", "tagged"] };
    const expired = new Set([old.id, family.id]);
    const told = await postJSON<{ sessions: string[] }>(`${server.url}/session/prune`, { ...policy, dryRun: true });
    expect(new Set(told.sessions)).toEqual(expired);
    expect(await sessions.get(old.id)).toMatchObject({ id: old.id });
    const done = await postJSON<{ sessions: string[] }>(`${server.url}/session/prune`, policy);
    expect(new Set(done.sessions)).toEqual(expired);
    const left = await getJSON<Session[]>(`${server.url}/session`);
    expect(new Set(left.map(({ id }) => id))).toEqual(new Set([archived, tagged, young, waiting, grown, active].map(({ id }) => id)));
    const recorded = (await audit.list()).filter(({ action }) => action === "session.prune");
    expect(new Set(recorded.map(({ subject }) => subject.sessionID))).toEqual(new Set([old.id, family.id, child.id]));
    await sessions.abort(waiting.id);
  });

  it("by the server's own rule is on record as such, and is off unless told", async () => {
    await using test = await testApp();
    const { sessions, directory, audit, upkeep } = test.app;
    const session = await sessions.create(directory, { title: "A session" });
    await age(test, [session], 400);
    await upkeep.run();
    expect(await sessions.get(session.id)).toMatchObject({ id: session.id });
    await upkeep.run({ retention: { days: 365 } });
    await expect(sessions.get(session.id)).rejects.toThrow("Session not found");
    expect(await audit.list()).toContainEqual(expect.objectContaining({ actor: "retention", action: "session.prune" }));
  });
});

describe("a large session", () => {
  it("is deleted in pieces, and what a dead server began is ended", async () => {
    await using test = await testApp();
    const { sessions, directory, upkeep, log } = test.app;
    const [session, cut] = [await sessions.create(directory, { title: "A session" }), await sessions.create(directory, { title: "Cut" })];
    const place = { directory, projectID: session.projectID };
    for (const { id } of [session, cut]) {
      const parts = Array.from({ length: 260 }, () => testText(id, { text: "x", time: { start: 1, end: 1 } }));
      await log.append(
        parts.map((part) => ({ type: "message.part.updated" as const, properties: { sessionID: id, part, time: 1 } })),
        { scope: place },
      );
    }
    await sessions.remove(session.id);
    await using store = await openDatabase(test.app.database);
    const count = async (id: string) => Number((await store.orm.run(sql`select count(*) from part where session_id = ${id}`)).rows[0]?.[0]);
    expect(await count(session.id)).toBe(0);
    await store.write([noteErasure(store.orm, cut.id)]);
    await upkeep.run();
    expect([await count(cut.id), await begunErasures(store.orm)]).toEqual([0, []]);
    await expect(sessions.get(cut.id)).rejects.toThrow("Session not found");
  });
});

describe("the log", () => {
  it("loses what a replay tells again anyway; a reader with a cursor of any age comes to the same end", async () => {
    await using store = await testLog();
    const { log, database } = store;
    const session = testSession({ time: { created: 1, updated: Date.now() - 2 * day } });
    const [first, second] = [testText(session.id), testText(session.id)];
    const part = (base: typeof first, text: string) => ({
      type: "message.part.updated" as const,
      properties: { sessionID: session.id, part: { ...base, text }, time: 1 },
    });
    const created = { type: "session.created" as const, properties: { sessionID: session.id, info: session } };
    await log.append([created, part(first, ""), part(second, "")], { scope });
    for (let index = 0; index < 300; index += 1) await log.append([part(first, `${index}`), part(second, `${index}`)], { scope });
    const removed = { sessionID: session.id, messageID: second.messageID, partID: second.id };
    await log.append(
      [
        { type: "message.part.removed", properties: removed },
        { type: "session.idle", properties: { sessionID: session.id } },
      ],
      { scope },
    );
    const end = await log.position();
    const cursors = [0, 1, 2, 5, 100, 301, 600, end - 2, end];
    const before = await Promise.all(cursors.map((after) => replayed(log.read({ after }), after, end)));
    const upkeep = createUpkeep({ database, log, sessions: quiet, onError: fail });
    await upkeep.run();
    const rows = await listEvents(database.orm, { after: 0, limit: 1000 });
    expect(rows.map(({ position }) => position)).toEqual([1, 2, 3, end - 3, end - 2, end - 1, end]);
    expect(await Promise.all(cursors.map((after) => replayed(log.read({ after }), after, end)))).toEqual(before);
    await log.append([part(first, "again")], { scope });
    await upkeep.run();
    expect(await log.position()).toBe(end + 1);
    await upkeep[Symbol.asyncDispose]();
  });

  it("of a session that was changed lately or is running stays whole", async () => {
    await using store = await testLog();
    const { log, database } = store;
    const session = testSession();
    const part = testText(session.id);
    const told = { type: "message.part.updated" as const, properties: { sessionID: session.id, part, time: 1 } };
    await log.append([{ type: "session.created", properties: { sessionID: session.id, info: session } }, told, told, told, told], {
      scope,
    });
    await using upkeep = createUpkeep({ database, log, sessions: quiet, onError: fail });
    await upkeep.run();
    expect(await listEvents(database.orm, { after: 0, limit: 100 })).toHaveLength(5);
    await upkeep.run({ rest: -1 });
    expect(await listEvents(database.orm, { after: 0, limit: 100 })).toHaveLength(3);
  });
});

describe("unused room", () => {
  it("is given back in pieces, down to what the next writes use", async () => {
    await using place = await storeFile();
    await using store = await testLog(place);
    const { log, database } = store;
    const session = testSession();
    const part = testText(session.id, { text: "x".repeat(12_000_000) });
    await log.append([{ type: "message.part.updated", properties: { sessionID: session.id, part, time: 1 } }], { scope });
    await log.append([{ type: "session.deleted", properties: { sessionID: session.id, info: session } }], { scope });
    expect(await database.shrink(0)).toBeGreaterThan(2_000);
    let done: unknown;
    const onDone = (work: unknown) => {
      done = work;
    };
    await using upkeep = createUpkeep({ database, log, sessions: quiet, onDone, onError: fail });
    await upkeep.run();
    expect(await database.shrink(0)).toBeLessThanOrEqual(1_024);
    expect(done).toMatchObject({ pruned: 0, pages: expect.toSatisfy((pages) => pages > 1_000) });
  });
});

/** What a reader knows of each thing when it has read up to the position. */
async function replayed(entries: AsyncIterable<LogEntry>, after: number, until: number): Promise<Map<string, unknown>> {
  const known = new Map<string, unknown>();
  if (after >= until) return known;
  for await (const { event, position = 0 } of entries) {
    if (event.type === "message.part.updated") known.set(event.properties.part.id, event.properties.part);
    else if (event.type === "message.part.removed") known.delete(event.properties.partID);
    else known.set(event.type, event.properties);
    if (position >= until) return known;
  }
  return known;
}
