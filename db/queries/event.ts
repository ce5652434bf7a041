import { and, asc, desc, eq, gt, lte } from "drizzle-orm";
import type { Orm, Statement } from "../client.ts";
import { event } from "../schema.ts";

export type EventRow = typeof event.$inferSelect;

/** Log rows after a position, in order; up to `until` if given. */
export async function listEvents(
  orm: Orm,
  range: { after: number; until?: number; directory?: string; sessionID?: string; limit: number },
): Promise<EventRow[]> {
  const where = and(
    gt(event.position, range.after),
    range.until === undefined ? undefined : lte(event.position, range.until),
    range.directory === undefined ? undefined : eq(event.directory, range.directory),
    range.sessionID === undefined ? undefined : eq(event.sessionID, range.sessionID),
  );
  return orm.select().from(event).where(where).orderBy(asc(event.position)).limit(range.limit);
}

export async function lastPosition(orm: Orm): Promise<number> {
  return (await orm.select({ position: event.position }).from(event).orderBy(desc(event.position)).limit(1).get())?.position ?? 0;
}

/** The row's position is the statement's `lastInsertRowid`. */
export function insertEvent(orm: Orm, row: Omit<EventRow, "position">): Statement {
  return orm.insert(event).values(row);
}
