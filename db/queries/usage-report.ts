import { and, desc, eq, gte, isNull, lt, ne, or, type SQL, sql } from "drizzle-orm";
import type { UsageDimension } from "../../src/schema/usage.ts";
import type { Orm } from "../client.ts";
import { session, usage } from "../schema.ts";
import { isWithin } from "./within.ts";

export interface UsageQuery {
  /** Epoch ms: at or after, and before. */
  from?: number;
  to?: number;
  /** Minutes that the caller's clock is ahead of UTC. */
  offset: number;
  projectID?: string;
  sessionID?: string;
  providerID?: string;
  modelID?: string;
  /** In each list one must be or hold the session's directory. */
  within: readonly (readonly string[])[];
  /** Also the calls of sessions that were deleted: nobody knows any more where they were. */
  deleted: boolean;
}

const sum = (column: SQL | (typeof usage)[keyof typeof usage]) => sql<number>`coalesce(sum(${column}), 0)`;

const sums = {
  calls: sql<number>`count(*)`,
  total: sum(usage.tokens),
  input: sum(sql`${usage.input} - coalesce(${usage.cacheRead}, 0) - coalesce(${usage.cacheWrite}, 0)`),
  output: sum(usage.output),
  reasoning: sum(usage.reasoning),
  read: sum(usage.cacheRead),
  write: sum(usage.cacheWrite),
  /** Billionths of a dollar. */
  cost: sum(usage.cost),
};

/** Latest day first, then the most tokens. */
export async function reportUsage(orm: Orm, query: UsageQuery, { by, limit }: { by: readonly UsageDimension[]; limit: number }) {
  const day = sql<string>`date(${usage.created} / 1000 + ${query.offset * 60}, 'unixepoch')`;
  const groups = {
    ...(by.includes("day") && { day: sql<string>`${day}`.as("local_day") }),
    ...(by.includes("project") && { projectID: usage.projectID }),
    ...(by.includes("model") && { providerID: usage.providerID, modelID: usage.modelID }),
    ...(by.includes("session") && { sessionID: usage.sessionID, title: session.title }),
  };
  const rows = orm
    .select({ ...sums, ...groups })
    .from(usage)
    .leftJoin(session, eq(session.id, usage.sessionID))
    .where(conditions(query))
    .$dynamic();
  const columns = [
    ...(by.includes("day") ? [sql`local_day`] : []),
    ...(by.includes("project") ? [usage.projectID] : []),
    ...(by.includes("model") ? [usage.providerID, usage.modelID] : []),
    ...(by.includes("session") ? [usage.sessionID] : []),
  ];
  const ordered = [...(by.includes("day") ? [sql`local_day desc`] : []), desc(sums.total)];
  return columns.length === 0
    ? rows
    : rows
        .groupBy(...columns)
        .orderBy(...ordered)
        .limit(limit);
}

/** What runs now is only an upper bound yet, and what was refused cost nothing. */
function conditions({ from, to, projectID, sessionID, providerID, modelID, within, deleted }: UsageQuery): SQL | undefined {
  return and(
    ne(usage.status, "reserved"),
    ne(usage.status, "refused"),
    from === undefined ? undefined : gte(usage.created, from),
    to === undefined ? undefined : lt(usage.created, to),
    projectID === undefined ? undefined : eq(usage.projectID, projectID),
    sessionID === undefined ? undefined : eq(usage.sessionID, sessionID),
    providerID === undefined ? undefined : eq(usage.providerID, providerID),
    modelID === undefined ? undefined : eq(usage.modelID, modelID),
    or(deleted ? isNull(session.id) : undefined, and(...within.map((roots) => isWithin(roots)))),
  );
}
