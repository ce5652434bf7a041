import { type FSWatcher, watch } from "node:fs";
import { join } from "node:path";

/** Where the system watches a whole tree at the cost of one directory. Elsewhere (Linux) each directory is watched. */
export const watchesTrees = process.platform === "darwin" || process.platform === "win32";

export interface WatchOptions {
  onPath(path: string): void;
  /** The directory cannot be watched, or no longer; one that is gone is no problem. */
  onProblem(error: unknown): void;
}

/** Watches a directory. Undefined where that is not possible. The process may end while it watches. */
export function watchDirectory(path: string, { onPath, onProblem }: WatchOptions, recursive = false): FSWatcher | undefined {
  const report = (error: unknown) => {
    if (!isGone(error)) onProblem(error);
  };
  try {
    const watcher = watch(path, { persistent: false, recursive }, (_, name) => onPath(name === null ? path : join(path, String(name))));
    watcher.on("error", (error) => {
      watcher.close();
      report(error);
    });
    return watcher;
  } catch (error) {
    report(error);
    return undefined;
  }
}

export function isGone(error: unknown): boolean {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return code === "ENOENT" || code === "ENOTDIR" || code === "EPERM";
}
