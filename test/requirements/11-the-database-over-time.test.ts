import { existsSync } from "node:fs";
import { mkdir, open, readFile, stat, truncate, writeFile } from "node:fs/promises";
import { sql } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { backUp, faultOf } from "../../db/backup.ts";
import { openDatabase } from "../../db/client.ts";
import { findSession } from "../../db/queries/session.ts";
import { checkStore } from "../../src/doctor/checks.ts";
import { toAppError } from "../../src/schema/error.ts";
import { createId } from "../../src/schema/id.ts";
import type { ToolPart } from "../../src/schema/part.ts";
import { createLeases } from "../../src/session/lease.ts";
import { temporaryDirectory } from "../helpers/directory.ts";
import { floodServer } from "../helpers/flood.ts";
import { scope, storeFile, testLog, testSession, testText } from "../helpers/store.ts";

const created = (session = testSession()) => ({ type: "session.created" as const, properties: { sessionID: session.id, info: session } });

/** The file of a store, as it is when nobody uses it. */
async function stored({ file }: { file: string }): Promise<string> {
  const original = `${file}.original`;
  await (await testLog({ file: original }))[Symbol.asyncDispose]();
  await backUp(original, `${file}.whole`);
  return `${file}.whole`;
}

describe("a store that cannot be used is refused with one line", () => {
  const refusal = (file: string) =>
    openDatabase(file).then(
      () => "opened",
      (error: Error) => error.message,
    );

  it("when it is no store, or its end is missing", async () => {
    await using place = await storeFile();
    await writeFile(place.file, "not a store, but long enough to look like a file of some kind".repeat(100));
    expect(await refusal(place.file)).toMatch(/^[^\n]*damaged, or no store at all\. Move it away[^\n]*$/);
    const copy = await stored(place);
    await truncate(copy, (await stat(copy)).size - 8192);
    expect(await refusal(copy)).toMatch(/^[^\n]*damaged[^\n]*$/);
  });

  it("when it is a directory", async () => {
    await using place = await storeFile();
    await mkdir(place.file);
    expect(await refusal(place.file)).toBe(`${place.file}: it is a directory. The store is a file in one.`);
  });

  it("when its pages are damaged", async () => {
    await using place = await storeFile();
    const copy = await stored(place);
    const file = await open(copy, "r+");
    await file.write(Buffer.alloc(4096 - 100, 0xff), 0, 4096 - 100, 100);
    await file.close();
    expect(await refusal(copy)).toMatch(/^[^\n]*damaged[^\n]*$/);
  });

  it("when a newer version wrote it; nothing in it is changed", async () => {
    await using place = await storeFile();
    {
      await using store = await testLog(place);
      await store.database.orm.run(sql`insert into __drizzle_migrations (hash, created_at) values ('newer', 99999999999999)`);
    }
    const before = await readFile(place.file);
    expect(await refusal(place.file)).toMatch(/written by a newer version of codeport: update codeport/);
    expect((await readFile(place.file)).equals(before)).toBe(true);
    expect(await checkStore(place.file)).toMatchObject([{ status: "fail", message: expect.stringContaining("newer version") }]);
  });
});

describe("a backup", () => {
  it("is a whole store of one moment, made while the store is written to, and for its owner alone", async () => {
    await using place = await storeFile();
    await using store = await testLog(place);
    const session = testSession();
    await store.log.append([created(session)], { scope });
    const target = `${place.file}.copy`;
    const writing = Promise.all(Array.from({ length: 50 }, () => store.log.append([created()], { scope })));
    const bytes = await backUp(place.file, target);
    await writing;
    expect((await stat(target)).size).toBe(bytes);
    if (process.platform !== "win32") expect((await stat(target)).mode & 0o777).toBe(0o600);
    expect(await faultOf(target)).toBeUndefined();
    await using copy = await openDatabase(target);
    expect(await findSession(copy.orm, session.id)).toEqual(session);
  });

  it("is nobody's: what a server of the original runs at the time is free in the copy", async () => {
    await using place = await storeFile();
    await using store = await testLog(place);
    const { id: sessionID } = testSession();
    const original = await createLeases({ database: store.database, serverID: createId("server") });
    expect(await original.take(sessionID)).toBe("taken");
    await backUp(place.file, `${place.file}.copy`);
    await using copy = await openDatabase(`${place.file}.copy`);
    const leases = await createLeases({ database: copy, serverID: createId("server") });
    expect(await leases.take(sessionID)).toBe("recover");
    // Its tools are not looked for: they are those of a server that lives.
    expect((await leases.orphans()).local.dead).toEqual([]);
  });

  it("overwrites nothing, and leaves nothing behind when it fails", async () => {
    await using place = await storeFile();
    await (await testLog(place))[Symbol.asyncDispose]();
    await writeFile(`${place.file}.taken`, "mine");
    await expect(backUp(place.file, `${place.file}.taken`)).rejects.toThrow("exists; a backup overwrites nothing");
    expect(await readFile(`${place.file}.taken`, "utf8")).toBe("mine");
    await expect(backUp(`${place.file}.none`, `${place.file}.copy`)).rejects.toThrow("There is no store at");
    await writeFile(`${place.file}.broken`, "x".repeat(10_000));
    await expect(backUp(`${place.file}.broken`, `${place.file}.copy`)).rejects.toThrow("damaged");
    expect(existsSync(`${place.file}.copy`)).toBe(false);
  });
});

describe("a full disk", () => {
  it("fails the write with a name of its own, loses nothing that was committed, and is over when there is room", async () => {
    await using place = await storeFile();
    await using store = await testLog(place);
    const kept = testSession();
    await store.log.append([created(kept)], { scope });
    const { rows } = await store.database.orm.run(sql`pragma page_count`);
    await store.database.orm.run(sql.raw(`pragma max_page_count = ${Number(rows[0]?.[0]) + 2}`));
    const part = testText(kept.id, { text: "x".repeat(100_000) });
    const tell = () => store.log.append([{ type: "message.part.updated", properties: { sessionID: kept.id, part, time: 1 } }], { scope });
    const failure = toAppError(await tell().catch((error: unknown) => error));
    expect(failure).toMatchObject({ name: "StorageFullError", status: 503, message: expect.stringContaining("Make room") });
    expect(await findSession(store.database.orm, kept.id)).toEqual(kept);
    expect(await store.log.position()).toBe(1);
    await store.database.orm.run(sql`pragma max_page_count = 1000000`);
    expect((await tell())[0]?.position).toBe(2);
  });
});

describe("the size of the store", () => {
  it("is at most twice the logical change, however often a part was told anew", async () => {
    await using place = await storeFile();
    const updates = 1_000;
    let [logical, empty] = [0, 0];
    {
      await using store = await testLog(place);
      await store.database.orm.run(sql`pragma wal_checkpoint(truncate)`);
      empty = (await stat(place.file)).size;
      const session = testSession();
      await store.log.append([created(session)], { scope });
      const messageID = createId("message");
      for (let index = 0; index < updates; index += 1) {
        const part: ToolPart = running(session.id, messageID, index);
        const event = { type: "message.part.updated" as const, properties: { sessionID: session.id, part, time: index } };
        // Each update adds a line of output: that line, and that it happened, is the change.
        logical += line.length + eventBytes;
        await store.log.append([event], { scope });
      }
      await store.database.orm.run(sql`pragma wal_checkpoint(truncate)`);
    }
    expect((await stat(place.file)).size - empty).toBeLessThan(2 * logical);
  });

  it("shrinks in small steps after much was deleted", async () => {
    await using place = await storeFile();
    await using store = await testLog(place);
    const session = testSession();
    const part = testText(session.id, { text: "x".repeat(4_000_000) });
    await store.log.append([created(session), { type: "message.part.updated", properties: { sessionID: session.id, part, time: 1 } }], {
      scope,
    });
    await store.log.append([{ type: "session.deleted", properties: { sessionID: session.id, info: session } }], { scope });
    const first = await store.database.shrink(100);
    expect(await store.database.shrink(100)).toBe(first - 100);
    expect(await store.database.shrink(100_000)).toBe(0);
    await store.database.orm.run(sql`pragma wal_checkpoint(truncate)`);
    expect((await stat(place.file)).size).toBeLessThan(2_000_000);
  });
});

describe("two servers on one file", () => {
  it("and 16 writers: none is told that the store is busy, and nothing is lost", async () => {
    await using home = await temporaryDirectory();
    await mkdir(home.join("shared"));
    const environment = { CODEPORT_DB: home.join("shared", "store.db") };
    await using first = await floodServer({ environment });
    await using second = await floodServer({ environment });
    const write = async (index: number) => {
      const { url } = index % 2 === 0 ? first : second;
      const statuses: number[] = [];
      for (let count = 0; count < 10; count += 1) {
        const response = await fetch(`${url}/session`, { method: "POST", body: JSON.stringify({ title: `${index} ${count}` }) });
        statuses.push(response.status);
        await response.text();
      }
      return statuses;
    };
    const statuses = (await Promise.all(Array.from({ length: 16 }, (_, index) => write(index)))).flat();
    expect(new Set(statuses)).toEqual(new Set([200]));
    await using store = await openDatabase(environment.CODEPORT_DB);
    const { rows } = await store.orm.run(sql`select count(*) from session where title like '% %' and title not like 'New session%'`);
    expect(Number(rows[0]?.[0])).toBe(160);
  });
});

const line = `${"word ".repeat(20)}\n`;
/** An event without content: its ids, type, place and time. */
const eventBytes = 180;

function running(sessionID: string, messageID: string, lines: number): ToolPart {
  const output = line.repeat(lines % 500);
  return {
    id: "prt_00000000000000000000000000",
    sessionID,
    messageID,
    type: "tool",
    callID: "call_1",
    tool: "bash",
    state: { status: "running", input: { command: "make" }, time: { start: 1 }, metadata: { output } },
  };
}
