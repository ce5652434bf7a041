import { mkdirSync, statSync } from "node:fs";
import { dirname } from "node:path";

/**
 * Makes a directory with its parents, one by one: Node's own `recursive` never returns where a parent cannot be made although its own parent
 * is there (`/proc/x`). `mode`: of those that are made. Throws Error, one line that names the directory in the way, with the system's `code`.
 */
export function makeDirectory(directory: string, mode?: number): void {
  const found = statSync(directory, { throwIfNoEntry: false });
  if (found?.isDirectory()) return;
  if (found) throw Object.assign(new Error(`${directory} is not a directory`), { code: "ENOTDIR" });
  makeDirectory(dirname(directory), mode);
  try {
    mkdirSync(directory, { mode });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== "EEXIST")
      throw Object.assign(new Error(`the directory ${directory} cannot be made (${code})`, { cause: error }), { code });
  }
}
