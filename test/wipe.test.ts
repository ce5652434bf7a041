import { readFile } from "node:fs/promises";
import { createClient } from "@libsql/client/sqlite3";
import { expect, it } from "vitest";
import { tracesOf } from "../db/queries/erased.ts";
import { createWiper } from "../db/wipe.ts";
import type { NewEvent } from "../src/event/log.ts";
import { temporaryDirectory } from "./helpers/directory.ts";
import { scope, storeFile, testLog, testSession, testText } from "./helpers/store.ts";

it("rows that were erased leave no copies in pages that rows have moved about in", async () => {
  await using store = await storeFile();
  await using opened = await testLog({ file: store.file });
  const sessions = Array.from({ length: 6 }, () => testSession());
  const [erased = testSession()] = sessions;
  for (const batch of talk(sessions.map(({ id }) => id))) await opened.log.append(batch, { scope });
  const traces = await tracesOf(opened.database.orm, erased.id);
  expect(traces.length).toBeGreaterThan(50);
  await opened.log.append([{ type: "session.deleted", properties: { sessionID: erased.id, info: erased } }], { scope });
  expect(await opened.database.wipe(traces)).toBe(true);
  const bytes = await readFile(store.file);
  expect(bytes.includes("zebrafinch")).toBe(false);
  expect(bytes.includes("ordinary")).toBe(true);
});

it("a store too large to be written anew at once is when it is closed", async () => {
  await using directory = await temporaryDirectory();
  const file = directory.join("store.db");
  const client = createClient({ url: `file:${file}`, concurrency: 1 });
  await client.executeMultiple("PRAGMA journal_mode = WAL; CREATE TABLE note (id TEXT, text TEXT)");
  const id = "prt_0123456789ab0123456789ABCD";
  await client.execute({ sql: "INSERT INTO note VALUES (?, ?)", args: [id, "still here"] });
  const wiper = createWiper(client, { file, retry: (run) => run(), atOnce: 0 });
  expect(await wiper.wipe(["prt_ffffffffffff0123456789ABCD"])).toBe(true);
  const before = await versionOf(file);
  expect(await wiper.wipe([id])).toBe(false);
  expect(await versionOf(file)).toBe(before);
  await wiper.finish();
  client.close();
  expect(await versionOf(file)).toBeGreaterThan(before);
});

/** Moves whenever the file is written anew (bytes 40 to 43 of a store: https://sqlite.org/fileformat2.html#the_database_header). */
async function versionOf(file: string): Promise<number> {
  return (await readFile(file)).readUInt32BE(40);
}

/** Parts of all sizes, new ones and changed ones, in an order that was seen to leave copies. The first session talks of zebra finches. */
function* talk(sessionIDs: string[]): Generator<NewEvent[]> {
  const next = random(5 * 7919);
  const known = sessionIDs.map((): string[] => []);
  for (let round = 0; round < 28; round++) {
    yield Array.from({ length: 25 }, (): NewEvent => {
      const speaker = next(sessionIDs.length);
      const [sessionID = "", ids = []] = [sessionIDs[speaker], known[speaker]];
      const isOld = ids.length > 5 && next(3) === 0;
      const text = (speaker === 0 ? "zebrafinch " : "ordinary ").repeat(1 + next(next(10) === 0 ? 3000 : 60));
      const part = testText(sessionID, { text, time: { start: 1, end: 1 }, ...(isOld && { id: ids[next(ids.length)] }) });
      if (!isOld) ids.push(part.id);
      return { type: "message.part.updated", properties: { sessionID, part, time: 1 } };
    });
  }
}

/** Numbers below a bound, the same in every run. */
function random(seed: number): (bound: number) => number {
  let state = seed;
  return (bound) => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return state % bound;
  };
}
