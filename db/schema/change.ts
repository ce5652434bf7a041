import { index, integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";
import type { FileState } from "../../src/schema/change.ts";

/**
 * What sessions changed, file by file, in the order it happened. `inferred`: told from the files before and after a command, not by the
 * tool that made the change. `before` and `after`: null where there was no file.
 */
export const change = sqliteTable(
  "change",
  {
    sequence: integer().primaryKey({ autoIncrement: true }),
    sessionID: text("session_id").notNull(),
    /** The assistant message and the tool call in it. */
    messageID: text("message_id").notNull(),
    callID: text("call_id").notNull(),
    file: text().notNull(),
    before: text({ mode: "json" }).$type<FileState>(),
    after: text({ mode: "json" }).$type<FileState>(),
    inferred: integer({ mode: "boolean" }).notNull(),
    created: integer().notNull(),
  },
  (table) => [index("change_session").on(table.sessionID, table.sequence), index("change_file").on(table.file, table.sequence)],
);

/** Files that an undo has set, and to what (null: it took them away), until a redo or the next prompt. */
export const undone = sqliteTable(
  "undone",
  {
    sessionID: text("session_id").notNull(),
    file: text().notNull(),
    state: text({ mode: "json" }).$type<FileState>(),
  },
  (table) => [primaryKey({ columns: [table.sessionID, table.file] })],
);
