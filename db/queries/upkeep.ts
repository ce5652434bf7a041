import { and, asc, eq, gt, inArray, isNotNull, isNull, like, lte, notInArray, or, sql } from "drizzle-orm";
import type { Orm, Statement } from "../client.ts";
import { event, lease, message, part, prompt, searchable, session, sessionTag, share, upkeep } from "../schema.ts";

/** Sessions that were last changed before this time have been compacted. */
export async function compactedUntil(orm: Orm): Promise<number> {
  return (await orm.select({ value: upkeep.value }).from(upkeep).where(eq(upkeep.name, "compacted")).get())?.value ?? 0;
}

export function saveCompacted(orm: Orm, value: number): Statement {
  return orm.insert(upkeep).values({ name: "compacted", value }).onConflictDoUpdate({ target: upkeep.name, set: { value } });
}

export interface RestingSession {
  id: string;
  updated: number;
}

/** Sessions that nobody runs, last changed before a time, in that order; after one of them if given. */
export async function restingSessions(
  orm: Orm,
  range: { after: RestingSession; before: number; limit: number },
): Promise<RestingSession[]> {
  const { after, before, limit } = range;
  const later = or(gt(session.updated, after.updated), and(eq(session.updated, after.updated), gt(session.id, after.id)));
  const resting = notInArray(session.id, orm.select({ id: lease.sessionID }).from(lease));
  const columns = { id: session.id, updated: session.updated };
  return orm
    .select(columns)
    .from(session)
    .where(and(later, lte(session.updated, before), resting))
    .orderBy(asc(session.updated), asc(session.id))
    .limit(limit);
}

/** The session's events that stand for the newest state of something and are no milestones. */
export async function snapshotEvents(
  orm: Orm,
  range: { sessionID: string; after: number; limit: number },
): Promise<{ position: number; type: string; reference: string | null }[]> {
  const kind = and(isNotNull(event.reference), isNull(event.data));
  return orm
    .select({ position: event.position, type: event.type, reference: event.reference })
    .from(event)
    .where(and(eq(event.sessionID, range.sessionID), gt(event.position, range.after), kind))
    .orderBy(asc(event.position))
    .limit(range.limit);
}

export function eraseEvents(orm: Orm, positions: number[]): Statement {
  return orm.delete(event).where(inArray(event.position, positions));
}

/** What retention may keep however old it is. */
export type Kept = "archived" | "shared" | "tagged";

/** Sessions, without those that others made, in whose family nothing was changed since a time and nothing runs or waits; the oldest first. */
export async function expiredSessions(
  orm: Orm,
  policy: { before: number; keep: readonly Kept[] },
): Promise<{ id: string; directory: string }[]> {
  const { before, keep } = policy;
  // Children may have children: a family is alive while any of them is.
  const living = sql`with recursive living(id, parent) as (
      select id, parent_id from session where updated > ${before}
      union select session_id, (select parent_id from session where id = session_id) from ${lease}
      union select session_id, (select parent_id from session where id = session_id) from ${prompt} where status <> 'ended'
      union select session.id, session.parent_id from session join living on session.id = living.parent
    ) select id from living`;
  const conditions = [
    isNull(session.parentID),
    lte(session.updated, before),
    sql`${session.id} not in (${living})`,
    keep.includes("archived") ? isNull(session.archived) : undefined,
    keep.includes("shared") ? notInArray(session.id, orm.select({ id: share.sessionID }).from(share)) : undefined,
    keep.includes("tagged") ? notInArray(session.id, orm.select({ id: sessionTag.sessionID }).from(sessionTag)) : undefined,
  ];
  return orm
    .select({ id: session.id, directory: session.directory })
    .from(session)
    .where(and(...conditions))
    .orderBy(asc(session.updated));
}

const erasing = "erasing ";

/** Notes that a session is being erased: whoever finds the note later goes on with it. It goes with the session. */
export function noteErasure(orm: Orm, sessionID: string): Statement {
  return orm
    .insert(upkeep)
    .values({ name: erasureOf(sessionID), value: Date.now() })
    .onConflictDoNothing();
}

export function eraseNote(orm: Orm, sessionID: string): Statement {
  return orm.delete(upkeep).where(eq(upkeep.name, erasureOf(sessionID)));
}

/** Sessions whose erasure was begun and is not over. */
export async function begunErasures(orm: Orm): Promise<string[]> {
  const rows = await orm
    .select({ name: upkeep.name })
    .from(upkeep)
    .where(like(upkeep.name, `${erasing}%`));
  return rows.map(({ name }) => name.slice(erasing.length));
}

const erasureOf = (sessionID: string): `erasing ${string}` => `${erasing}${sessionID}`;

/** Whether the session has more parts than this. */
export async function hasMoreParts(orm: Orm, sessionID: string, count: number): Promise<boolean> {
  return (await orm.select({ id: part.id }).from(part).where(eq(part.sessionID, sessionID)).limit(1).offset(count)).length > 0;
}

/** Some of the rows of each kind in which a session's content is. They change no row when none is left. */
export function eraseSome(orm: Orm, sessionID: string): Statement[] {
  const some = { parts: 25, texts: 25, messages: 50, events: 200 };
  const parts = orm.select({ id: part.id }).from(part).where(eq(part.sessionID, sessionID)).limit(some.parts);
  const texts = orm.select({ id: searchable.id }).from(searchable).where(eq(searchable.sessionID, sessionID)).limit(some.texts);
  const messages = orm.select({ id: message.id }).from(message).where(eq(message.sessionID, sessionID)).limit(some.messages);
  const events = orm.select({ position: event.position }).from(event).where(eq(event.sessionID, sessionID)).limit(some.events);
  return [
    orm.delete(part).where(inArray(part.id, parts)),
    orm.delete(searchable).where(inArray(searchable.id, texts)),
    orm.delete(message).where(inArray(message.id, messages)),
    orm.delete(event).where(inArray(event.position, events)),
  ];
}
