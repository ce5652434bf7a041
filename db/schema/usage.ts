import { sql } from "drizzle-orm";
import { index, integer, sqliteTable, text } from "drizzle-orm/sqlite-core";

/**
 * What model calls used, a row a call. Kept when its session is deleted: what was spent stays spent. Costs are whole billionths of a dollar, so
 * that sums are exact. `tokens` and `cost` are what counts: the upper bound while the call runs (`reserved`), then what the provider `reported`,
 * else what it is `estimated` to have used; nothing where it `refused` the request; the whole reservation where the server was `lost`.
 */
export const usage = sqliteTable(
  "usage",
  {
    id: text().primaryKey(),
    sessionID: text("session_id").notNull(),
    /** The session that was not made by another one: its cap is that of all below it. */
    rootID: text("root_id").notNull(),
    projectID: text("project_id").notNull(),
    /** UTC, as in 2026-01-31. */
    day: text().notNull(),
    serverID: text("server_id").notNull(),
    providerID: text("provider_id").notNull(),
    modelID: text("model_id").notNull(),
    status: text({ enum: ["reserved", "reported", "estimated", "refused", "lost"] }).notNull(),
    tokens: integer().notNull(),
    cost: integer().notNull(),
    reservedTokens: integer("reserved_tokens").notNull(),
    reservedCost: integer("reserved_cost").notNull(),
    /** What was reported beyond what was reserved. */
    excessTokens: integer("excess_tokens").notNull().default(0),
    excessCost: integer("excess_cost").notNull().default(0),
    /** The request's length in bytes, and the tokens the provider counted it as. */
    bytes: integer().notNull(),
    input: integer(),
    /** What the provider counted beside; of the input, what came from the cache and went there. Null where nobody counted, and in rows of older versions. */
    output: integer(),
    reasoning: integer(),
    cacheRead: integer("cache_read"),
    cacheWrite: integer("cache_write"),
    created: integer().notNull(),
  },
  (table) => [
    index("usage_created").on(table.created),
    index("usage_root").on(table.rootID, table.status, table.tokens, table.cost),
    index("usage_project").on(table.projectID, table.status, table.tokens, table.cost),
    index("usage_day").on(table.day, table.status, table.tokens, table.cost),
    index("usage_open").on(table.serverID).where(sql`${table.status} = 'reserved'`),
    index("usage_session").on(table.sessionID, table.created),
  ],
);

/** Caps of single sessions, set while the server runs. They win over the configuration's; -1: no cap. Costs in billionths of a dollar. */
export const sessionCap = sqliteTable("session_cap", {
  sessionID: text("session_id").primaryKey(),
  tokens: integer(),
  cost: integer(),
});

/** Sessions that have reached a cap: what they wanted when they did. Their prompts wait until there is room for that. */
export const pause = sqliteTable(
  "pause",
  {
    sessionID: text("session_id").primaryKey(),
    rootID: text("root_id").notNull(),
    tokens: integer().notNull(),
    cost: integer().notNull(),
    since: integer().notNull(),
  },
  (table) => [index("pause_root").on(table.rootID)],
);
