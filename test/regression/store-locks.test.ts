import { readFile, stat } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { openDatabase } from "../../db/client.ts";
import { storeFile, testLog } from "../helpers/store.ts";

/** Whether this process holds a lock on the file, by the list of the system (proc(5)). */
async function isLocked(file: string): Promise<boolean> {
  const { ino } = await stat(file);
  const own = new RegExp(` ${process.pid} [0-9a-f]+:[0-9a-f]+:${ino} `);
  return (await readFile("/proc/locks", "utf8")).split("\n").some((line) => own.test(line));
}

// Without it another process that opens and closes the store takes itself for the last one and removes the write-ahead log under this one.
describe.runIf(process.platform === "linux")("the lock of a process on its store", () => {
  it("outlives the search for what was erased", async ({ skip }) => {
    await using store = await storeFile();
    await using opened = await testLog({ file: store.file });
    skip(!(await isLocked(store.file)), "this file system numbers its files otherwise than the list of locks");
    expect(await opened.database.wipe(["prt_0123456789ab0123456789ABCD"])).toBe(true);
    expect(await isLocked(store.file)).toBe(true);
  });

  it("outlives a second opening of the store in the process", async ({ skip }) => {
    await using store = await storeFile();
    await using _opened = await testLog({ file: store.file });
    skip(!(await isLocked(store.file)), "this file system numbers its files otherwise than the list of locks");
    await (await openDatabase(store.file))[Symbol.asyncDispose]();
    expect(await isLocked(store.file)).toBe(true);
  });
});
