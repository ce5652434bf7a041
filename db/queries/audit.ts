import { and, asc, desc, eq, gt, gte, isNotNull, isNull, lt, type SQL, sql } from "drizzle-orm";
import type { Orm, Statement } from "../client.ts";
import { audit } from "../schema.ts";

export type AuditRow = typeof audit.$inferSelect;

export function insertAudit(orm: Orm, row: Omit<AuditRow, "sequence" | "hash">): Statement {
  return orm.insert(audit).values(row);
}

/** After a sequence, oldest first. */
export async function listAudit(orm: Orm, { after, limit }: { after: number; limit: number }): Promise<AuditRow[]> {
  return orm.select().from(audit).where(gt(audit.sequence, after)).orderBy(asc(audit.sequence)).limit(limit);
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
  return orm.select().from(audit).where(fits(filter)).orderBy(desc(audit.sequence)).limit(limit);
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

/** The newest entry with a hash before the first one without. */
export async function lastSealed(orm: Orm): Promise<AuditRow | undefined> {
  const open = orm
    .select({ first: sql`min(${audit.sequence})` })
    .from(audit)
    .where(isNull(audit.hash));
  const before = and(isNotNull(audit.hash), sql`${audit.sequence} < coalesce((${open}), 9223372036854775807)`);
  return orm.select().from(audit).where(before).orderBy(desc(audit.sequence)).limit(1).get();
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
