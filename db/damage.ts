import { statSync } from "node:fs";

/** What SQLite says of a store that cannot be read. */
export function isDamage(error: unknown): boolean {
  return /^SQLITE_(CORRUPT|NOTADB)/.test(String(codeOf(error)));
}

/** The first code of SQLite or the system among an error and its causes. */
export function codeOf(error: unknown): string | undefined {
  for (let at = error; at instanceof Error; at = at.cause) if ("code" in at && typeof at.code === "string") return at.code;
  return undefined;
}

const damaged = "it is damaged, or no store at all. Move it away and put a backup in its place";

/** The error of opening a store as one line that says what would work. */
export function explainOpening(error: unknown, file: string): unknown {
  if (isDirectory(file)) return new Error(`${file}: it is a directory. The store is a file in one.`, { cause: error });
  if (error instanceof Error && error.message.includes("Unable to open connection"))
    return new Error(`${file}: SQLite cannot open it. This user must be able to read and write it and its directory.`, { cause: error });
  return isDamage(error) ? new Error(`${file}: ${damaged}.`, { cause: error }) : error;
}

const isDirectory = (file: string): boolean => statSync(file, { throwIfNoEntry: false })?.isDirectory() ?? false;
