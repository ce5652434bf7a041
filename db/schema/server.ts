import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** Servers that share this store. `started` is the process's start as its system tells it, so that a reused pid is not taken for it. */
export const server = sqliteTable("server", {
  id: text().primaryKey(),
  host: text().notNull(),
  pid: integer().notNull(),
  started: text().notNull(),
  seen: integer().notNull(),
});

/** Who runs a session. One row at most per session; `abort` is how another server asks the holder to stop. */
export const lease = sqliteTable("lease", {
  sessionID: text("session_id").primaryKey(),
  serverID: text("server_id").notNull(),
  abort: integer({ mode: "boolean" }).notNull().default(false),
});
