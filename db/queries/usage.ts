import { and, desc, eq, isNotNull, notInArray, type SQL, sql } from "drizzle-orm";
import type { Orm, Statement } from "../client.ts";
import { server, usage } from "../schema.ts";
import { requireRoom } from "./guard.ts";

export type UsageRow = typeof usage.$inferInsert;

/** Whose calls are added up: those of a session and all below it, of a project, of a day (UTC). */
export type Meter = { rootID: string } | { projectID: string } | { day: string };

/** Tokens, and billionths of a dollar. */
export interface Amount {
  tokens: number;
  cost: number;
}

export interface Spent {
  used: Amount;
  /** Held by calls that run now. */
  reserved: Amount;
  /** Of the used, what providers reported beyond what was reserved. */
  excess: Amount;
}

export async function findSpent(orm: Orm, meter: Meter): Promise<Spent> {
  const open = sql`${usage.status} = 'reserved'`;
  const total = (column: SQL | typeof usage.tokens, when: SQL) => sql<number>`coalesce(sum(case when ${when} then ${column} end), 0)`;
  const row = await orm
    .select({
      usedTokens: total(usage.tokens, sql`not ${open}`),
      usedCost: total(sql`${usage.cost}`, sql`not ${open}`),
      reservedTokens: total(usage.tokens, open),
      reservedCost: total(sql`${usage.cost}`, open),
      excessTokens: sql<number>`coalesce(sum(${usage.excessTokens}), 0)`,
      excessCost: sql<number>`coalesce(sum(${usage.excessCost}), 0)`,
    })
    .from(usage)
    .where(within(meter))
    .get();
  return {
    used: { tokens: row?.usedTokens ?? 0, cost: row?.usedCost ?? 0 },
    reserved: { tokens: row?.reservedTokens ?? 0, cost: row?.reservedCost ?? 0 },
    excess: { tokens: row?.excessTokens ?? 0, cost: row?.excessCost ?? 0 },
  };
}

/** Fails the batch if what was spent and is reserved, with this on top, would be above the cap. */
export function requireBelow(orm: Orm, meter: Meter, room: { unit: keyof Amount; more: number; cap: number }): Statement[] {
  const column = room.unit === "tokens" ? usage.tokens : usage.cost;
  const sum = sql`(select coalesce(sum(${column}), 0) from ${usage} where ${within(meter)})`;
  return requireRoom(orm, sum, room);
}

export function insertUsage(orm: Orm, row: UsageRow): Statement {
  return orm.insert(usage).values(row);
}

/** Ends a reservation; changes nothing where it was ended before. */
export function settleUsage(orm: Orm, id: string, change: Partial<UsageRow>): Statement {
  return orm
    .update(usage)
    .set(change)
    .where(and(eq(usage.id, id), eq(usage.status, "reserved")));
}

/** What a session's calls had reserved when their server died counts as spent. */
export function loseUsage(orm: Orm, sessionID: string): Statement {
  return orm
    .update(usage)
    .set({ status: "lost" })
    .where(and(eq(usage.sessionID, sessionID), eq(usage.status, "reserved")));
}

/** The same for every call of a server that is not signed on. */
export function loseOrphans(orm: Orm): Statement {
  return orm.update(usage).set({ status: "lost" }).where(orphaned(orm));
}

export async function hasOrphans(orm: Orm): Promise<boolean> {
  return (await orm.select({ id: usage.id }).from(usage).where(orphaned(orm)).limit(1).get()) !== undefined;
}

/** The newest call of the session to the model that the provider has counted. */
export async function lastCounted(
  orm: Orm,
  call: { sessionID: string; providerID: string; modelID: string },
): Promise<{ bytes: number; input: number } | undefined> {
  const counted = and(
    eq(usage.sessionID, call.sessionID),
    eq(usage.providerID, call.providerID),
    eq(usage.modelID, call.modelID),
    isNotNull(usage.input),
  );
  const row = await orm
    .select({ bytes: usage.bytes, input: usage.input })
    .from(usage)
    .where(counted)
    .orderBy(desc(usage.created))
    .limit(1)
    .get();
  return row?.input == null ? undefined : { bytes: row.bytes, input: row.input };
}

function orphaned(orm: Orm): SQL | undefined {
  return and(eq(usage.status, "reserved"), notInArray(usage.serverID, orm.select({ id: server.id }).from(server)));
}

function within(meter: Meter): SQL {
  if ("rootID" in meter) return eq(usage.rootID, meter.rootID);
  return "projectID" in meter ? eq(usage.projectID, meter.projectID) : eq(usage.day, meter.day);
}
