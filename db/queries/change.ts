import { and, asc, desc, eq, gt, inArray, sql } from "drizzle-orm";
import type { FileState } from "../../src/schema/change.ts";
import type { Orm, Statement } from "../client.ts";
import { change, session, undone } from "../schema.ts";

export type ChangeRow = typeof change.$inferSelect;

/** What the sessions changed, in the order it happened; only after a place in that order if given. */
export async function listChanges(orm: Orm, sessionIDs: string[], after = 0): Promise<ChangeRow[]> {
  const of = and(inArray(change.sessionID, sessionIDs), gt(change.sequence, after));
  return orm.select().from(change).where(of).orderBy(asc(change.sequence));
}

/** The session and those below it. */
export async function listFamily(orm: Orm, sessionID: string): Promise<string[]> {
  const family = [sessionID];
  for (let parents = [sessionID]; parents.length > 0; ) {
    const children = await orm.select({ id: session.id }).from(session).where(inArray(session.parentID, parents));
    parents = children.map(({ id }) => id).filter((id) => !family.includes(id));
    family.push(...parents);
  }
  return family;
}

/** The newest place in the order of changes; 0 before the first. */
export async function lastChange(orm: Orm): Promise<number> {
  const [row] = await orm.select({ sequence: change.sequence }).from(change).orderBy(desc(change.sequence)).limit(1);
  return row?.sequence ?? 0;
}

/** The newest change of a file after a place in the order, by whichever session. */
export async function findLaterChange(orm: Orm, file: string, after: number): Promise<ChangeRow | undefined> {
  const later = and(eq(change.file, file), gt(change.sequence, after));
  return orm.select().from(change).where(later).orderBy(desc(change.sequence)).limit(1).get();
}

export function saveChange(orm: Orm, row: Omit<ChangeRow, "sequence">): Statement {
  return orm.insert(change).values(row);
}

export function eraseChanges(orm: Orm, sequences: number[]): Statement {
  return orm.delete(change).where(inArray(change.sequence, sequences));
}

/** Which of the contents are needed by changes; all that are, without a list. */
export async function neededContents(orm: Orm, hashes?: string[]): Promise<string[]> {
  if (hashes?.length === 0) return [];
  const wanted = hashes && sql` where hash in ${hashes}`;
  const rows = await orm.all<{ hash: string }>(sql`
    select distinct hash from (
      select json_extract(${change.before}, '$.hash') as hash from ${change}
      union all select json_extract(${change.after}, '$.hash') from ${change}
      union all select json_extract(${undone.state}, '$.hash') from ${undone}
    )${wanted ?? sql` where hash is not null`}`);
  return rows.map(({ hash }) => hash);
}

export async function listUndone(orm: Orm, sessionID: string): Promise<Map<string, FileState | null>> {
  const rows = await orm.select().from(undone).where(eq(undone.sessionID, sessionID));
  return new Map(rows.map(({ file, state }) => [file, state]));
}

export function replaceUndone(orm: Orm, sessionID: string, files: Map<string, FileState | undefined>): Statement[] {
  const rows = [...files].map(([file, state]) => ({ sessionID, file, state: state ?? null }));
  const inserts: Statement[] = [];
  // SQLite takes a limited number of values in one statement.
  for (let from = 0; from < rows.length; from += 500) inserts.push(orm.insert(undone).values(rows.slice(from, from + 500)));
  return [orm.delete(undone).where(eq(undone.sessionID, sessionID)), ...inserts];
}
