import { and, asc, eq, gt, lte, type SQL, sql } from "drizzle-orm";
import type { Orm, Statement } from "../client.ts";
import { event, part } from "../schema.ts";

export type EventRow = typeof event.$inferSelect;

/** Log rows after a position, in order; up to `until` if given. */
export async function listEvents(
  orm: Orm,
  range: { after: number; until?: number; directory?: string; sessionID?: string; limit: number },
): Promise<EventRow[]> {
  return orm.select().from(event).where(within(range)).orderBy(asc(event.position)).limit(range.limit);
}

function within(range: { after: number; until?: number; directory?: string; sessionID?: string }): SQL | undefined {
  return and(
    gt(event.position, range.after),
    range.until === undefined ? undefined : lte(event.position, range.until),
    range.directory === undefined ? undefined : eq(event.directory, range.directory),
    range.sessionID === undefined ? undefined : eq(event.sessionID, range.sessionID),
  );
}

/** What rows of the log weigh, without reading them: their own content, and that of the row they stand for. */
export async function weighEvents(
  orm: Orm,
  range: { after: number; until?: number; directory?: string; sessionID?: string; limit: number },
): Promise<{ position: number; reference: string | null; bytes: number }[]> {
  const bytes = sql<number>`coalesce(octet_length(${event.data}), 0) + coalesce(octet_length(${part.data}), 0)`;
  return orm
    .select({ position: event.position, reference: event.reference, bytes })
    .from(event)
    .leftJoin(part, eq(part.id, event.reference))
    .where(within(range))
    .orderBy(asc(event.position))
    .limit(range.limit);
}

/** The newest position ever given, also when its row was erased since; 0 before the first. */
export async function lastPosition(orm: Orm): Promise<number> {
  const [row] = await orm.all<{ seq: number }>(sql`select seq from sqlite_sequence where name = 'event'`);
  return row?.seq ?? 0;
}

/** The row's position is the statement's `lastInsertRowid`. */
export function insertEvent(orm: Orm, row: Omit<EventRow, "position">): Statement {
  return orm.insert(event).values(row);
}
