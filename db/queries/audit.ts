import { type AnyColumn, and, asc, desc, eq, gt, gte, isNull, lt, type SQL, sql } from "drizzle-orm";
import type { Orm, Statement } from "../client.ts";
import { audit, upkeep } from "../schema.ts";

export type AuditRow = typeof audit.$inferSelect;

/**
 * The fields to the byte: as it reads texts, the driver stops at a NUL, and ends the process over bytes that are no UTF-8; integers that
 * are too large for a number it refuses.
 */
const columns = {
  sequence: whole(audit.sequence),
  time: whole(audit.time),
  actor: text<string>(audit.actor),
  action: text<string>(audit.action),
  subject: text<string>(audit.subject),
  directory: text<string | null>(audit.directory),
  address: text<string | null>(audit.address),
  hash: text<string | null>(audit.hash),
};

function whole(column: AnyColumn): SQL<number> {
  return sql`cast(${column} as text)`.mapWith(Number);
}

/** Bytes that are stored as no text are shown as such: no filter would find them as the text they look like. */
function text<Value extends string | null>(column: AnyColumn): SQL<Value> {
  const read = sql`case typeof(${column}) when 'blob' then quote(${column}) else cast(${column} as blob) end`;
  return read.mapWith((value: string | ArrayBuffer) => (typeof value === "string" ? value : Buffer.from(value).toString()) as Value);
}

export function insertAudit(orm: Orm, row: Omit<AuditRow, "sequence" | "hash">): Statement {
  return orm.insert(audit).values(row);
}

/** After a sequence (from the first one on unless told), oldest first. */
export async function listAudit(orm: Orm, { after, limit }: { after?: number; limit: number }): Promise<AuditRow[]> {
  return orm
    .select(columns)
    .from(audit)
    .where(after === undefined ? undefined : gt(audit.sequence, after))
    .orderBy(asc(audit.sequence))
    .limit(limit);
}

export interface AuditFilter {
  /** A sequence. */
  before?: number;
  /** The name of the action; with a dot at its end what it begins with. */
  action?: string;
  actor?: string;
  /** One of the ids in the subject. */
  id?: string;
  /** Epoch ms: at or after, and before. */
  from?: number;
  to?: number;
}

/** Newest first. */
export async function listAuditBack(orm: Orm, { limit, ...filter }: AuditFilter & { limit: number }): Promise<AuditRow[]> {
  return orm.select(columns).from(audit).where(fits(filter)).orderBy(desc(audit.sequence)).limit(limit);
}

function fits({ before, action, actor, id, from, to }: AuditFilter): SQL | undefined {
  return and(
    before === undefined ? undefined : lt(audit.sequence, before),
    action?.endsWith(".")
      ? sql`substr(${audit.action}, 1, length(${action})) = ${action}`
      : action === undefined
        ? undefined
        : eq(audit.action, action),
    actor === undefined ? undefined : eq(audit.actor, actor),
    id === undefined ? undefined : sql`exists (select 1 from json_each(${audit.subject}) where json_each.value = ${id})`,
    from === undefined ? undefined : gte(audit.time, from),
    to === undefined ? undefined : lt(audit.time, to),
  );
}

const sealedName = "sealed";

/** The sequence up to which all entries were given their hashes: noted beside them, so that a hash that is taken away is missed. */
export async function sealedUntil(orm: Orm): Promise<number> {
  return (await orm.select({ value: upkeep.value }).from(upkeep).where(eq(upkeep.name, sealedName)).get())?.value ?? 0;
}

/** It never goes back: of two servers, the slower one may come with less. */
export function saveSealed(orm: Orm, value: number): Statement {
  return orm
    .insert(upkeep)
    .values({ name: sealedName, value })
    .onConflictDoUpdate({ target: upkeep.name, set: { value: sql`max(${upkeep.value}, excluded.value)` } });
}

export async function findAudit(orm: Orm, sequence: number): Promise<AuditRow | undefined> {
  return orm.select(columns).from(audit).where(eq(audit.sequence, sequence)).get();
}

/** Whoever comes second changes nothing: the hash follows from the entries. */
export function sealAudit(orm: Orm, { sequence, hash }: { sequence: number; hash: string }): Statement {
  return orm
    .update(audit)
    .set({ hash })
    .where(and(eq(audit.sequence, sequence), isNull(audit.hash)));
}

/** The highest sequence there ever was: SQLite keeps it beside the table. */
export async function highestAudit(orm: Orm): Promise<number> {
  const [row] = await orm.all<{ seq: number }>(sql`select seq from sqlite_sequence where name = 'audit'`);
  return Number(row?.seq ?? 0);
}
