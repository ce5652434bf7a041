import { randomBytes } from "node:crypto";
import { chmod, lstat, mkdir, open, readFile, readlink, realpath, rename, rm, symlink } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { isHeld, refuseHeld } from "../held-file/held-file.ts";
import type { FileState } from "../schema/change.ts";

/** What is at a path now. `other`: something no snapshot can hold (a directory, a device). */
export type Found = { mode: FileState["mode"]; content: Buffer } | "other" | undefined;

/** Reads what is there, without following a link at its end. */
export async function readPlace(file: string): Promise<Found> {
  const stats = await lstat(file).catch(unlessMissing);
  if (stats === undefined) return undefined;
  if (stats.isSymbolicLink()) return { mode: "120000", content: Buffer.from(await readlink(file)) };
  if (!stats.isFile() || isHeld(file)) return "other";
  return { mode: stats.mode & 0o111 ? "100755" : "100644", content: await readFile(file) };
}

/** Puts a content where a file, a link or nothing is; `undefined` takes away what is there. Nobody sees half a file. */
export async function writePlace(file: string, state: { mode: FileState["mode"]; content: Buffer } | undefined): Promise<void> {
  refuseHeld(file);
  if (state === undefined) return rm(file, { force: true });
  await mkdir(dirname(file), { recursive: true });
  const temporary = join(dirname(file), `.${basename(file).slice(0, 100)}.${randomBytes(6).toString("hex")}.tmp`);
  try {
    if (state.mode === "120000") await symlink(state.content.toString("utf8"), temporary);
    else await writeFile(temporary, state.content, await modeFor(file, state.mode));
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/** Whether the way to the file is the one it was: a directory on it may have been replaced by a link that leads elsewhere. */
export async function leadsThere(file: string): Promise<boolean> {
  for (let directory = dirname(file); ; directory = dirname(directory)) {
    const real = await realpath(directory).catch(unlessMissing);
    if (real !== undefined) return real === directory;
    if ((await lstat(directory).catch(unlessMissing)) !== undefined || dirname(directory) === directory) return false;
  }
}

/** Rights that are there stay; only whether it may be run is set. A file that comes back gets what the system gives to a new one. */
async function modeFor(file: string, mode: FileState["mode"]): Promise<{ create: number; exact?: number }> {
  const create = mode === "100755" ? 0o777 : 0o666;
  const stats = await lstat(file).catch(unlessMissing);
  if (!stats?.isFile()) return { create };
  const rights = stats.mode & 0o7777;
  return { create, exact: mode === "100755" ? rights | ((rights & 0o444) >> 2) : rights & ~0o111 };
}

async function writeFile(file: string, content: Buffer, { create, exact }: { create: number; exact?: number }): Promise<void> {
  const handle = await open(file, "wx", create);
  try {
    await handle.writeFile(content);
    await handle.sync();
  } finally {
    await handle.close();
  }
  if (exact !== undefined) await chmod(file, exact);
}

function unlessMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code === "ENOENT" || error.code === "ENOTDIR") return undefined;
  throw error;
}
