import { sql } from "drizzle-orm";
import { check, integer, sqliteTable, text } from "drizzle-orm/sqlite-core";

/**
 * How far the store's upkeep has come. `compacted`: sessions that were last changed before this time (epoch ms) have been. `sealed`: the last
 * entry of the audit trail (its sequence) that was given its hash. `erasing ID`: a session whose erasure was begun, and when.
 */
export const upkeep = sqliteTable("upkeep", {
  name: text().$type<"compacted" | "sealed" | `erasing ${string}`>().primaryKey(),
  value: integer().notNull(),
});

/** Always empty. Inserting anything but 1 fails the batch it is in: a condition inside a commit without an interactive transaction. */
export const guard = sqliteTable("guard", { ok: integer().notNull() }, (table) => [check("guard_ok", sql`${table.ok} = 1`)]);
