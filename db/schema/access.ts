import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** Access tokens. `hash`: SHA-256 of the secret, which is nowhere kept. `directories`: null for all. `expires`: null for never. */
export const token = sqliteTable("token", {
  id: text().primaryKey(),
  name: text().notNull(),
  hash: text().notNull().unique(),
  scope: text({ enum: ["read", "prompt", "admin"] }).notNull(),
  directories: text({ mode: "json" }).$type<string[]>(),
  created: integer().notNull(),
  expires: integer(),
  revoked: integer(),
});

/**
 * Who did what, in the order of the commits. `hash`: that of the entry before it and of this one, filled in after the commit (`src/audit/`);
 * null on the newest entries until then. `subject`: ids by their names as JSON, never content; kept as text, since the hash is that of its bytes.
 */
export const audit = sqliteTable("audit", {
  sequence: integer().primaryKey({ autoIncrement: true }),
  time: integer().notNull(),
  actor: text().notNull(),
  action: text().notNull(),
  subject: text().notNull(),
  directory: text(),
  address: text(),
  hash: text(),
});
