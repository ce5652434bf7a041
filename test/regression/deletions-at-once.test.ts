import { readFile } from "node:fs/promises";
import { createClient } from "@libsql/client/sqlite3";
import { sql } from "drizzle-orm";
import { expect, it } from "vitest";
import { createWiper } from "../../db/wipe.ts";
import { createId } from "../../src/schema/id.ts";
import { scope, storeFile, testLog, testSession, testText } from "../helpers/store.ts";

/** Moves whenever the file is written anew (https://sqlite.org/fileformat2.html#the_database_header). */
const schemaCookie = 40;

// Each took what the other had merged for its own progress, and neither ever ended.
it("two erasures at once both come to their end, and leave no word in the index", async () => {
  await using store = await storeFile();
  await using opened = await testLog({ file: store.file });
  const { log, database } = opened;
  const info = testSession();
  await log.append([{ type: "session.created", properties: { sessionID: info.id, info } }], { scope });
  for (let at = 0; at < 40; at += 1) {
    const part = testText(info.id, { text: Array.from({ length: 200 }, (_, word) => `word${at * 200 + word}`).join(" ") });
    await log.append([{ type: "message.part.updated", properties: { sessionID: info.id, part, time: 1 } }], { scope });
  }
  await log.append([{ type: "session.deleted", properties: { sessionID: info.id, info } }], { scope });
  expect(await Promise.all([database.wipe([]), database.wipe([]), database.wipe([])])).toEqual([true, true, true]);
  expect(await database.orm.all(sql`select rowid from search where search match 'word1'`)).toEqual([]);
});

// Each looked through all of the store and wrote it anew, in the way of the others: those that came second told that copies stay.
it("many erasures at once write the store anew twice at most, and leave no copy", async () => {
  await using store = await storeFile();
  const client = createClient({ url: `file:${store.file}`, concurrency: 1 });
  await client.executeMultiple("PRAGMA journal_mode = WAL; CREATE TABLE note (id TEXT)");
  const versionOf = async () => (await readFile(store.file)).readUInt32BE(schemaCookie);
  const ids = Array.from({ length: 8 }, () => createId("part"));
  for (const id of ids) await client.execute({ sql: "INSERT INTO note VALUES (?)", args: [id] });
  const wiper = createWiper(client, { file: store.file, retry: (run) => run() });
  await client.execute("PRAGMA wal_checkpoint(TRUNCATE)");
  const before = await versionOf();
  // What is there still is found each time.
  expect(await Promise.all(ids.map((id) => wiper.wipe([id])))).toEqual(ids.map(() => true));
  expect(await wiper.wipe([ids[0] ?? ""])).toBe(true);
  expect((await versionOf()) - before).toBe(2);
  await wiper.finish();
  client.close();
});
