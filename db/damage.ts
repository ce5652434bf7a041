import { closeSync, openSync, readSync, statSync } from "node:fs";

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

/** Throws Error, one line, for a file that is no store or has lost its end. An empty or missing one is a new store. */
export function requireWhole(file: string): void {
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  if (size === 0) return;
  const header = Buffer.alloc(100);
  const descriptor = openSync(file, "r");
  try {
    readSync(descriptor, header, 0, header.length, 0);
  } finally {
    closeSync(descriptor);
  }
  if (header.toString("latin1", 0, 16) !== "SQLite format 3\0") throw new Error(`${file}: ${damaged}.`);
  // The log beside it may hold pages that the file lacks.
  const isComplete = (statSync(`${file}-wal`, { throwIfNoEntry: false })?.size ?? 0) === 0;
  const pageSize = header.readUInt16BE(16) === 1 ? 65_536 : header.readUInt16BE(16);
  if (isComplete && header.readUInt32BE(28) * pageSize > size) throw new Error(`${file}: its end is missing; ${damaged}.`);
}

/** The error of opening a store as one line that says what would work. */
export function explainOpening(error: unknown, file: string): unknown {
  return isDamage(error) ? new Error(`${file}: ${damaged}.`, { cause: error }) : error;
}
