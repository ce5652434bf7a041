import { index, integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";

/**
 * Calls that came with an `Idempotency-Key`. `hash`: of what was asked. `serverID`: who does it; empty when nobody does any more, and whoever asks
 * again may. `effect`: something was committed for it. `messageID`: the id it gives to the message it makes, whoever does it.
 * `answer`: what was answered, as superjson; null while it runs, or for the reason in `withheld`. `sessionID`: whose content it may hold.
 */
export const idempotency = sqliteTable(
  "idempotency",
  {
    principal: text().notNull(),
    procedure: text().notNull(),
    key: text().notNull(),
    hash: text().notNull(),
    status: text({ enum: ["running", "done"] }).notNull(),
    serverID: text("server_id").notNull(),
    effect: integer({ mode: "boolean" }).notNull().default(false),
    messageID: text("message_id").notNull(),
    sessionID: text("session_id"),
    answer: text(),
    withheld: text({ enum: ["secret", "size", "lost", "erased"] }),
    bytes: integer().notNull().default(0),
    created: integer().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.principal, table.procedure, table.key] }),
    index("idempotency_created").on(table.created),
    index("idempotency_session").on(table.sessionID),
  ],
);
