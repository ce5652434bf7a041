import { sep } from "node:path";
import { eq, or, type SQL, sql } from "drizzle-orm";
import type { SQLiteColumn } from "drizzle-orm/sqlite-core";
import { session } from "../schema.ts";

/** Whether one of the directories is the session's, or above it. */
export function isWithin(roots: readonly string[]): SQL | undefined {
  const isOrHolds = (root: string) =>
    or(eq(session.directory, root), startsWith(session.directory, root.endsWith(sep) ? root : root + sep));
  return or(...roots.map(isOrHolds), sql`0`);
}

// Literal text: LIKE would read % and _ of a title or a path as wildcards.
export const startsWith = (column: SQLiteColumn, text: string): SQL => sql`substr(${column}, 1, length(${text})) = ${text}`;
