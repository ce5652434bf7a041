import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { scope, storeFile, testLog, testSession } from "../helpers/store.ts";

const run = promisify(execFile);

/** Another process opens the store, counts its sessions and closes it. */
async function countElsewhere(file: string): Promise<number> {
  const program = `
    import { createClient } from "@libsql/client/sqlite3";
    const client = createClient({ url: "file:" + process.argv[1], concurrency: 1 });
    const [row] = (await client.execute("SELECT count(*) AS count FROM session")).rows;
    console.log(row.count);`;
  const { stdout } = await run(process.execPath, ["--input-type=module", "-e", program, file], { cwd: import.meta.dirname });
  return Number(stdout);
}

it("another process that opens and closes the store after a session was erased takes nothing from the one that has it open", async () => {
  await using store = await storeFile();
  await using opened = await testLog({ file: store.file });
  const add = async () => {
    const info = testSession();
    await opened.log.append([{ type: "session.created", properties: { sessionID: info.id, info } }], { scope });
    return info;
  };
  await add();
  const erased = await add();
  await opened.log.append([{ type: "session.deleted", properties: { sessionID: erased.id, info: erased } }], { scope });
  expect(await opened.database.wipe([erased.id])).toBe(true);
  await add();
  expect(await countElsewhere(store.file)).toBe(2);
  expect(existsSync(`${store.file}-wal`)).toBe(true);
  await add();
  expect(await countElsewhere(store.file)).toBe(3);
});
