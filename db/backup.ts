import { existsSync } from "node:fs";
import { open, rm, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { createClient } from "@libsql/client/sqlite3";
import { AppError } from "../src/schema/error.ts";
import { explainOpening } from "./damage.ts";

/**
 * Copies a store as it is at this moment into a new file, which only its owner may read. Servers that use the store go on meanwhile: the copy
 * is made of one state, in this process. `file`: the store. Resolves with the size of the copy in bytes. Throws Error, one line, when there is
 * no such store, the target exists or cannot be written, or the copy is not whole, and AppError NotFoundError when the target's directory is
 * not there; nothing is left of the copy then.
 */
export async function backUp(file: string, target: string): Promise<number> {
  if (!existsSync(file)) throw new Error(`There is no store at ${file}.`);
  await reserve(target);
  try {
    const client = createClient({ url: `file:${file}`, concurrency: 1 });
    try {
      await client.execute("PRAGMA busy_timeout = 10000");
      await client.execute({ sql: "VACUUM INTO ?", args: [target] });
    } finally {
      client.close();
    }
    await forgetServers(target);
    const fault = await faultOf(target);
    if (fault !== undefined) throw new Error(`The copy is not whole (${fault}): the store may be damaged. codeport doctor looks.`);
    return (await stat(target)).size;
  } catch (error) {
    await rm(target, { force: true });
    throw explainOpening(error, file);
  }
}

/** The copy has no server: one that runs on the original would hold its sessions there for as long as it lives, and nobody could go on with them. */
async function forgetServers(target: string): Promise<void> {
  const client = createClient({ url: `file:${target}`, concurrency: 1 });
  try {
    const { rows } = await client.execute("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'server'");
    if (rows.length > 0) await client.execute("DELETE FROM server");
  } finally {
    client.close();
  }
}

/** SQLite fills an empty file, but makes none that others cannot read. */
async function reserve(target: string): Promise<void> {
  try {
    await (await open(target, "wx", 0o600)).close();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EEXIST") throw new Error(`${target} exists; a backup overwrites nothing.`);
    if (code === "ENOENT" || code === "ENOTDIR")
      throw new AppError("NotFoundError", `There is no directory ${dirname(target)}: make it, or name another file.`, {}, { cause: error });
    throw new Error(`${target} cannot be written (${code}): name another file.`, { cause: error });
  }
}

/** The first fault that SQLite finds in a store; undefined for a whole one. Throws Error, one line, for a file that is no store or has lost its end. */
export async function faultOf(file: string): Promise<string | undefined> {
  try {
    const client = createClient({ url: `file:${file}`, concurrency: 1 });
    try {
      const { rows } = await client.execute("PRAGMA quick_check(1)");
      const said = String(rows[0]?.[0] ?? "nothing");
      return said === "ok" ? undefined : said;
    } finally {
      client.close();
    }
  } catch (error) {
    throw explainOpening(error, file);
  }
}
