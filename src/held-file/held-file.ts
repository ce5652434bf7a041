import { type BigIntStats, statSync } from "node:fs";
import { AppError } from "../schema/error.ts";

/** What SQLite locks beside a store. */
const besides = ["", "-wal", "-shm", "-journal"];

/** Stores that this process has open, and how often. Locks belong to the whole process (fcntl(2)), and so does this. */
const stores = new Map<string, number>();

/**
 * Says that a store of SQLite is open here, until it is disposed. Until then nothing else in this process may open its files: closing any descriptor
 * of a file drops all the locks that the process has on it, and another process would then take the store for one that nobody uses (sqlite.org/howtocorrupt.html, 2.2).
 */
export function holdStore(file: string): Disposable {
  stores.set(file, (stores.get(file) ?? 0) + 1);
  return {
    [Symbol.dispose]() {
      const rest = (stores.get(file) ?? 1) - 1;
      if (rest === 0) stores.delete(file);
      else stores.set(file, rest);
    },
  };
}

/** Whether a path leads to a file of an open store, by whatever name. What is not there is none. */
export function isHeld(path: string): boolean {
  if (stores.size === 0) return false;
  const wanted = identity(path);
  return wanted !== undefined && [...stores.keys()].some((store) => besides.some((end) => identity(store + end) === wanted));
}

/** Throws ForbiddenError for a file of an open store. `named`: the path as it was asked for. */
export function refuseHeld(path: string, named = path): void {
  if (isHeld(path))
    throw new AppError("ForbiddenError", `"${named}" belongs to the server's own store; it is not read or changed from here.`);
}

function identity(path: string): string | undefined {
  const stats: BigIntStats | undefined = statSync(path, { bigint: true, throwIfNoEntry: false });
  return stats?.isFile() ? `${stats.dev}:${stats.ino}` : undefined;
}
