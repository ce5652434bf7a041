import { mkdirSync, writeFileSync } from "node:fs";
import { stat } from "node:fs/promises";
import { cpus, loadavg } from "node:os";
import { join } from "node:path";
import { sql } from "drizzle-orm";
import { openDatabase } from "../db/client.ts";
import type { NewEvent } from "../src/event/log.ts";
import { programWorkspace } from "../test/helpers/program.ts";
import { testLog, testSession, testText } from "../test/helpers/store.ts";
import { probe } from "./health/measure.ts";

/**
 * How quick `/global/health` stays while a server looks after its store: old sessions of some hundred megabytes are deleted, the log is compacted, and
 * unused room is given back. `npm run bench:upkeep -- [sessions]`; writes `bench/results/upkeep.json`.
 */
const [sessions = 20] = process.argv.slice(2).map(Number);
const partsEach = 1_000;
const day = 24 * 3_600_000;

async function fill(file: string, directory: string): Promise<void> {
  await using store = await testLog({ file });
  for (let session = 0; session < sessions; session += 1) {
    const isOld = session % 2 === 0;
    const updated = Date.now() - (isOld ? 400 : 2) * day;
    const info = testSession({ directory, time: { created: updated, updated } });
    const scope = { directory, projectID: info.projectID };
    const events: NewEvent[] = Array.from({ length: partsEach }, () => {
      const part = testText(info.id, { text: "A few words of an answer. ".repeat(150), time: { start: 1, end: 2 } });
      return { type: "message.part.updated", properties: { sessionID: info.id, part, time: 1 } };
    });
    await store.log.append([{ type: "session.created", properties: { sessionID: info.id, info } }, ...events], { scope });
    for (let again = 0; again < 5; again += 1) await store.log.append(events, { scope });
  }
  await store.database.orm.run(sql`pragma wal_checkpoint(truncate)`);
}

async function counts(file: string) {
  await using store = await openDatabase(file);
  const one = async (query: string) => Number((await store.orm.run(sql.raw(query))).rows[0]?.[0]);
  return {
    sessions: await one("select count(*) from session"),
    events: await one("select count(*) from event"),
    free: await one("pragma freelist_count"),
  };
}

async function main(): Promise<void> {
  const loadBefore = Math.round((loadavg()[0] ?? 0) * 10) / 10;
  await using workspace = await programWorkspace();
  const file = join(workspace.home, "store.db");
  await fill(file, workspace.repository.path);
  const before = { ...(await counts(file)), megabytes: (await stat(file)).size >> 20 };
  const config = { server: { retention: { days: 365 } } };
  const env = { OPENCODE_CONFIG_CONTENT: JSON.stringify(config) };
  const begun = performance.now();
  await using program = await workspace.start(["serve", "--port", "0", "--db", file, "--print-logs"], { env });
  const url = await program.listening();
  const done = program.seen("stderr", /"pruned":\d+.*"msg":"upkeep"/);
  const busy = probe(
    `${url}/global/health`,
    done.then(() => undefined),
  );
  await done;
  const seconds = Math.round((performance.now() - begun) / 100) / 10;
  const milliseconds = { duringUpkeep: await busy, afterwards: await probe(`${url}/global/health`, 3_000) };
  const after = { ...(await counts(file)), megabytes: (await stat(file)).size >> 20 };
  const result = { node: process.version, cores: cpus().length, loadBefore, seconds, before, after, milliseconds };
  mkdirSync(new URL("results/", import.meta.url), { recursive: true });
  writeFileSync(new URL("results/upkeep.json", import.meta.url), `${JSON.stringify(result, null, 2)}\n`);
  console.log(JSON.stringify(result, null, 2));
}

await main();
