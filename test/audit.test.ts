import { createClient } from "@libsql/client/sqlite3";
import { describe, expect, test } from "vitest";
import { type Database, openDatabase } from "../db/client.ts";
import { type AuditTrail, createAudit } from "../src/audit/audit.ts";
import type { AuditRecord } from "../src/schema/audit.ts";
import { say, watch } from "./helpers/app.ts";
import { send } from "./helpers/host.ts";
import { testServer } from "./helpers/server.ts";
import { storeFile } from "./helpers/store.ts";

const actor = { name: "test" };

/** A trail of so many entries, all with their hashes. */
async function trailOf(count: number, file: string): Promise<void> {
  await using database = await openDatabase(file);
  await using trail = createAudit({ database });
  for (let index = 1; index <= count; index += 1)
    await trail.record({ actor, action: "do", subject: { id: `ses_${index}` }, directory: "/work" });
}

async function tamper(file: string, ...statements: string[]): Promise<void> {
  const client = createClient({ url: `file:${file}` });
  for (const statement of statements) await client.executeMultiple(statement);
  client.close();
}

async function withTrail<Result>(file: string, work: (trail: AuditTrail, database: Database) => Promise<Result>): Promise<Result> {
  await using database = await openDatabase(file);
  await using trail = createAudit({ database });
  return await work(trail, database);
}

describe("the chain", () => {
  test("is intact as it was written, page by page", async () => {
    await using store = await storeFile();
    await trailOf(1_203, store.file);
    const report = await withTrail(store.file, (trail) => trail.verify());
    expect(report).toEqual({ intact: true, entries: 1_203, head: expect.stringMatching(/^1203:[0-9a-f]{64}$/), faults: [] });
    const [newest, second] = await withTrail(store.file, (trail) => trail.list({ limit: 2 }));
    expect([newest?.sequence, second?.sequence]).toEqual([1_203, 1_202]);
    expect((await withTrail(store.file, (trail) => trail.list({ before: 3 }))).map(({ sequence }) => sequence)).toEqual([2, 1]);
  });

  test("is listed by action, actor, id and time", async () => {
    await using store = await storeFile();
    await withTrail(store.file, async (trail) => {
      for (const action of ["token.create", "token.revoke", "config.update"])
        await trail.record({ actor, action, subject: { id: `ses_${action}` } });
      await trail.record({ actor: { name: "other" }, action: "token.create" });
      const of = async (filter: Parameters<AuditTrail["list"]>[0]) => (await trail.list(filter)).map(({ sequence }) => sequence);
      expect(await of({ action: "token." })).toEqual([4, 2, 1]);
      expect(await of({ action: "token.create", actor: "test" })).toEqual([1]);
      expect(await of({ id: "ses_config.update" })).toEqual([3]);
      expect([await of({ from: Date.now() + 1_000 }), await of({ to: Date.now() + 1_000, limit: 1 })]).toEqual([[], [4]]);
    });
  });

  test.each([
    ["a byte of a field", "update audit set actor = 'tesu' where sequence = 4", 4, "changed"],
    ["a byte of an id", `update audit set subject = '{"id":"ses_5"}' where sequence = 4`, 4, "changed"],
    ["a space that changes nothing", `update audit set subject = '{"id": "ses_4"}' where sequence = 4`, 4, "changed"],
    ["a time", "update audit set time = time + 1 where sequence = 4", 4, "changed"],
    ["a field that was empty", "update audit set address = '127.0.0.1' where sequence = 4", 4, "changed"],
    ["a byte of a hash", "update audit set hash = replace(hash, substr(hash, 1, 1), 'x') where sequence = 4", 4, "changed"],
    ["a hash that was taken away", "update audit set hash = null where sequence = 4", 4, "hash was removed"],
    ["hashes taken away from the end", "update audit set actor = 'x', hash = null where sequence > 7", 8, "hash was removed"],
    ["all hashes taken away", "update audit set hash = null", 1, "hash was removed"],
    ["the note of hashes set back", "update upkeep set value = 5 where name = 'sealed'", 10, "count of hashes was set back"],
    ["the note of hashes removed", "delete from upkeep where name = 'sealed'", 10, "count of hashes was set back"],
    [
      "an entry put before the first",
      "insert into audit select -3, time, actor, action, subject, null, null, hash from audit limit 1",
      -3,
      "before the first",
    ],
    [
      "two entries that changed places",
      "update audit set sequence = case sequence when 4 then -5 when 5 then -4 else sequence end; update audit set sequence = -sequence where sequence < 0",
      4,
      "changed",
    ],
    ["a byte that is no text", "update audit set actor = cast(x'74ff7374' as text) where sequence = 4", 4, "changed"],
    ["a text that is stored as bytes", "update audit set actor = cast(actor as blob) where sequence = 4", 4, "changed"],
    ["what was hidden behind a NUL", "update audit set actor = actor || char(0) || 'more' where sequence = 4", 4, "changed"],
    ["a number that is too large", "update audit set time = 9007199254740993 where sequence = 4", 4, "changed"],
    ["all removed with their count", "delete from audit; delete from sqlite_sequence where name = 'audit'", 1, "10 removed from the end"],
    ["an entry that was removed", "delete from audit where sequence = 4", 4, "1 removed before 5"],
    ["the first one removed", "delete from audit where sequence = 1", 1, "1 removed before 2"],
    ["the newest ones removed", "delete from audit where sequence > 7", 8, "3 removed from the end"],
    ["all removed", "delete from audit", 1, "10 removed from the end"],
    ["a count that was set back", "update sqlite_sequence set seq = 5 where name = 'audit'", 10, "set back"],
  ])("shows %s", async (_what, statement, sequence, fault) => {
    await using store = await storeFile();
    await trailOf(10, store.file);
    await tamper(store.file, statement);
    const report = await withTrail(store.file, (trail) => trail.verify());
    expect(report.intact).toBe(false);
    expect(report.faults[0]).toEqual({ sequence, fault: expect.stringContaining(fault) });
  });

  test("gives no new hash to what has lost its own, and goes on after it", async () => {
    await using store = await storeFile();
    await trailOf(10, store.file);
    const { head } = await withTrail(store.file, (trail) => trail.verify());
    await tamper(store.file, "update audit set actor = 'somebody', hash = null where sequence > 8");
    await trailOf(2, store.file);
    const removed = [9, 10].map((sequence) => ({ sequence, fault: "its hash was removed" }));
    const report = await withTrail(store.file, (trail) => trail.verify());
    expect(report).toEqual({ intact: false, entries: 12, head: expect.stringMatching(/^12:/), faults: removed });
    expect(await withTrail(store.file, (trail) => trail.verify({ head }))).toMatchObject({ faults: [...removed, { sequence: 10 }] });
  });

  test("that was cut off together with its counts is shown by a head that was noted before", async () => {
    await using store = await storeFile();
    await trailOf(10, store.file);
    const { head } = await withTrail(store.file, (trail) => trail.verify());
    await tamper(
      store.file,
      "delete from audit where sequence > 7",
      "update sqlite_sequence set seq = 7 where name = 'audit'",
      "update upkeep set value = 7 where name = 'sealed'",
    );
    expect(await withTrail(store.file, (trail) => trail.verify())).toMatchObject({ intact: true, entries: 7 });
    expect(await withTrail(store.file, (trail) => trail.verify({ head }))).toMatchObject({ intact: false, faults: [{ sequence: 10 }] });
  });

  test("of two servers that write at once is one, and what a dead server left without hashes is given them by the next", async () => {
    await using store = await storeFile();
    await using one = await openDatabase(store.file);
    await using two = await openDatabase(store.file);
    const trails = [createAudit({ database: one }), createAudit({ database: two })];
    await Promise.all(Array.from({ length: 40 }, (_, index) => trails[index % 2]?.record({ actor, action: "do" })));
    for (const trail of trails) await trail[Symbol.asyncDispose]();
    // Committed, and its server died before the hash: nobody sealed it.
    await tamper(store.file, "insert into audit (time, actor, action, subject) values (1, 'test', 'do', '{}')");
    expect(await withTrail(store.file, (trail) => trail.verify())).toMatchObject({
      intact: true,
      entries: 41,
      head: expect.stringMatching(/^40:/),
    });
    await trailOf(1, store.file);
    expect(await withTrail(store.file, (trail) => trail.verify())).toMatchObject({
      intact: true,
      entries: 42,
      head: expect.stringMatching(/^42:/),
    });
  });
});

describe("what is on record", () => {
  test("prompts, answers and what an administrator changes: who and what about, never what was said", async () => {
    await using server = await testServer({ config: { permission: { bash: "ask" } } });
    server.model.calls({ name: "bash", input: { command: "echo SECRET-COMMAND", description: "say" } }).text("SECRET-ANSWER");
    const { token, secret } = await server.app.tokens.create({ scope: "prompt" }, actor);
    const headers = { authorization: `Bearer ${secret}` };
    const post = (path: string, body: object, sent: Record<string, string> = headers) =>
      send(server.url + path, { method: "POST", headers: sent, body: JSON.stringify(body) });
    const { id } = (await post("/session", {})).json as { id: string };
    using events = watch(server.app);
    const answer = post(`/session/${id}/message`, say("SECRET-PROMPT"));
    const { properties: asked } = await events.until("permission.asked");
    expect((await post(`/permission/${asked.id}/reply`, { reply: "once", message: "SECRET-WORDS" })).status).toBe(200);
    expect((await answer).status).toBe(200);
    expect(
      (await post("/mcp", { name: "x", config: { type: "remote", url: "http://127.0.0.1:9/SECRET", enabled: false } }, {})).status,
    ).toBe(200);
    expect((await post("/mcp", { name: "y" }, {})).status).toBe(400);

    const reply = await send(`${server.url}/audit`);
    expect(reply.text).not.toContain("SECRET");
    expect((reply.json as AuditRecord[]).map(({ hash: _hash, time: _time, sequence: _sequence, ...record }) => record)).toEqual([
      { actor: "local", action: "mcp.add", subject: {}, directory: server.repository.path, address: "127.0.0.1" },
      {
        actor: `token ${token.id}`,
        action: "permission.reply",
        subject: { sessionID: id, requestID: asked.id, permission: "bash", reply: "once" },
        directory: server.repository.path,
        address: "127.0.0.1",
      },
      {
        actor: `token ${token.id}`,
        action: "session.prompt",
        subject: { sessionID: id, messageID: expect.stringMatching(/^msg_/) },
        directory: server.repository.path,
        address: "127.0.0.1",
      },
      { actor: "test", action: "token.create", subject: { tokenID: token.id, scope: "prompt" } },
    ]);
    expect((await send(`${server.url}/audit/verify`)).json).toMatchObject({ intact: true, entries: 4 });
    expect((await send(`${server.url}/audit/verify?head=nonsense`)).status).toBe(400);
    expect((await send(`${server.url}/audit`, { headers })).status).toBe(403);
  });

  test("commands that a person runs, and tools that are called without a model, under their own names", async () => {
    await using server = await testServer({ files: { "a.txt": "SECRET-TEXT\n" } });
    const { id } = await server.app.sessions.create(server.repository.path, {});
    const post = (path: string, body: object) => send(server.url + path, { method: "POST", body: JSON.stringify(body) });
    expect((await post(`/session/${id}/shell`, { agent: "build", command: "echo SECRET-COMMAND" })).status).toBe(200);
    const called = await post("/tool/read", { filePath: "a.txt" });
    expect(called.status, called.text).toBe(200);
    const { sessionID } = called.json as { sessionID: string };
    const reply = await send(`${server.url}/audit`);
    expect(reply.text).not.toContain("SECRET");
    const messageID = expect.stringMatching(/^msg_/);
    expect((reply.json as AuditRecord[]).map(({ action, subject, actor }) => ({ action, subject, actor }))).toEqual([
      { action: "tool.run", subject: { sessionID, messageID, tool: "read" }, actor: "local" },
      { action: "session.shell", subject: { sessionID: id, messageID, tool: "bash" }, actor: "local" },
    ]);
  });

  test("a prompt that is sent twice under one id is there once", async () => {
    await using server = await testServer();
    server.model.text("Done.");
    const session = await server.app.sessions.create(server.repository.path, {});
    const prompt = { ...say("hi"), messageID: "msg_0000000000000000000000000a", actor };
    await server.app.sessions.prompt(session.id, prompt);
    await server.app.sessions.prompt(session.id, prompt);
    expect(await server.app.audit.list()).toHaveLength(1);
  });
});
