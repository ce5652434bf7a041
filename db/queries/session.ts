import { and, desc, eq, gt, gte, inArray, isNotNull, isNull, lt, lte, or, type SQL, sql } from "drizzle-orm";
import type { SQLiteColumn } from "drizzle-orm/sqlite-core";
import type { Session } from "../../src/schema/session.ts";
import type { Orm, Statement } from "../client.ts";
import {
  change,
  defaultSession,
  event,
  lease,
  message,
  part,
  pause,
  permission,
  permissionFeedback,
  prompt,
  question,
  session,
  sessionCap,
  sessionRule,
  sessionTag,
  share,
  todo,
  undone,
} from "../schema.ts";
import { withholdAnswers } from "./idempotency.ts";
import { eraseSessionText, indexTitle } from "./searchable.ts";
import { eraseNote } from "./upkeep.ts";
import { isWithin, startsWith } from "./within.ts";

export interface SessionFilter {
  directory?: string;
  projectID?: string;
  parentID?: string;
  path?: string;
  roots?: boolean;
  /** Updated at or after, epoch ms. */
  start?: number;
  search?: string;
  limit?: number;
  /** Of each list, one is the directory or above it. */
  within?: readonly (readonly string[])[];
  archived?: "without" | "with" | "only";
  /** It has them all. */
  tags?: readonly string[];
  ids?: readonly string[];
  /** Later in the order than this one. */
  after?: SessionPlace;
}

/** A place in a list of sessions: they are ordered by their last change, the newest first, then by id. */
export interface SessionPlace {
  updated: number;
  id: string;
}

export async function findSession(orm: Orm, id: string): Promise<Session | undefined> {
  return (await orm.select({ data: session.data }).from(session).where(eq(session.id, id)).get())?.data;
}

export async function findSessions(orm: Orm, ids: string[]): Promise<Session[]> {
  if (ids.length === 0) return [];
  return (await orm.select({ data: session.data }).from(session).where(inArray(session.id, ids))).map((row) => row.data);
}

/** Newest change first. */
export async function listSessions(orm: Orm, filter: SessionFilter): Promise<Session[]> {
  const query = orm
    .select({ data: session.data })
    .from(session)
    .where(and(...conditions(filter)))
    .orderBy(desc(session.updated), session.id);
  const rows = await (filter.limit === undefined ? query : query.limit(filter.limit));
  return rows.map((row) => row.data);
}

function conditions(filter: SessionFilter): (SQL | undefined)[] {
  return [
    filter.directory === undefined ? undefined : eq(session.directory, filter.directory),
    filter.projectID === undefined ? undefined : eq(session.projectID, filter.projectID),
    filter.parentID === undefined ? undefined : eq(session.parentID, filter.parentID),
    filter.path === undefined || filter.path === ""
      ? undefined
      : or(eq(session.path, filter.path), startsWith(session.path, `${filter.path}/`)),
    filter.roots ? isNull(session.parentID) : undefined,
    filter.start === undefined ? undefined : gte(session.updated, filter.start),
    filter.search === undefined || filter.search === "" ? undefined : contains(session.title, filter.search),
    ...(filter.within ?? []).map((roots) => isWithin(roots)),
    isArchived(filter.archived ?? "with"),
    ...(filter.tags ?? []).map(hasTag),
    filter.ids === undefined ? undefined : inArray(session.id, [...filter.ids]),
    filter.after && isAfter(filter.after),
  ];
}

function isArchived(archived: "without" | "with" | "only"): SQL | undefined {
  if (archived === "with") return undefined;
  return archived === "only" ? isNotNull(session.archived) : isNull(session.archived);
}

const hasTag = (tag: string): SQL =>
  sql`${session.id} in (select ${sessionTag.sessionID} from ${sessionTag} where ${sessionTag.tag} = ${tag})`;

function isAfter({ updated, id }: SessionPlace): SQL | undefined {
  return and(lte(session.updated, updated), or(lt(session.updated, updated), gt(session.id, id)));
}

// SQLite knows the cases of ASCII only, so both sides go through it: any other letter has to be as in the title.
const contains = (column: SQLiteColumn, text: string): SQL => sql`instr(lower(${column}), lower(${text})) > 0`;

export function saveSession(orm: Orm, value: Session): Statement[] {
  const row = {
    id: value.id,
    projectID: value.projectID,
    parentID: value.parentID ?? null,
    directory: value.directory,
    path: value.path ?? "",
    title: value.title,
    created: value.time.created,
    updated: value.time.updated,
    archived: value.time.archived ?? null,
    data: value,
  };
  const tags = (value.tags ?? []).map((tag) => ({ sessionID: value.id, tag }));
  return [
    orm.insert(session).values(row).onConflictDoUpdate({ target: session.id, set: row }),
    orm.delete(sessionTag).where(eq(sessionTag.sessionID, value.id)),
    ...(tags.length > 0 ? [orm.insert(sessionTag).values(tags).onConflictDoNothing()] : []),
    indexTitle(orm, value),
  ];
}

/** Erases the session and every row that belongs to it, its log entries too. */
export function eraseSession(orm: Orm, id: string): Statement[] {
  return [
    eraseSessionText(orm, id),
    orm.delete(sessionTag).where(eq(sessionTag.sessionID, id)),
    orm.delete(part).where(eq(part.sessionID, id)),
    orm.delete(message).where(eq(message.sessionID, id)),
    orm.delete(todo).where(eq(todo.sessionID, id)),
    orm.delete(permission).where(eq(permission.sessionID, id)),
    orm.delete(permissionFeedback).where(eq(permissionFeedback.sessionID, id)),
    orm.delete(sessionRule).where(eq(sessionRule.sessionID, id)),
    orm.delete(question).where(eq(question.sessionID, id)),
    orm.delete(prompt).where(eq(prompt.sessionID, id)),
    orm.delete(change).where(eq(change.sessionID, id)),
    orm.delete(undone).where(eq(undone.sessionID, id)),
    orm.delete(pause).where(eq(pause.sessionID, id)),
    orm.delete(sessionCap).where(eq(sessionCap.sessionID, id)),
    orm.delete(lease).where(eq(lease.sessionID, id)),
    orm.delete(share).where(eq(share.sessionID, id)),
    orm.delete(defaultSession).where(eq(defaultSession.sessionID, id)),
    orm.delete(event).where(eq(event.sessionID, id)),
    withholdAnswers(orm, id),
    eraseNote(orm, id),
    orm.delete(session).where(eq(session.id, id)),
  ];
}
