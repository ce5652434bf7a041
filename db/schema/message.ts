import { index, integer, sqliteTable, text } from "drizzle-orm/sqlite-core";
import type { AssistantMessage, UserMessage } from "../../src/schema/message.ts";
import type { Part } from "../../src/schema/part.ts";

export const message = sqliteTable(
  "message",
  {
    id: text().primaryKey(),
    sessionID: text("session_id").notNull(),
    role: text({ enum: ["user", "assistant"] }).notNull(),
    parentID: text("parent_id"),
    created: integer().notNull(),
    /** When an assistant message ended; null while it is open. User messages are never open. */
    completed: integer(),
    data: text({ mode: "json" }).$type<UserMessage | AssistantMessage>().notNull(),
  },
  (table) => [index("message_session").on(table.sessionID, table.created, table.id), index("message_parent").on(table.parentID)],
);

export const part = sqliteTable(
  "part",
  {
    id: text().primaryKey(),
    messageID: text("message_id").notNull(),
    sessionID: text("session_id").notNull(),
    /** Order within the message: ids of clients and servers need not sort by creation. */
    sequence: integer().notNull(),
    data: text({ mode: "json" }).$type<Part>().notNull(),
  },
  (table) => [index("part_message").on(table.messageID, table.sequence), index("part_session").on(table.sessionID)],
);

/**
 * Text that is searched: titles (without `messageID`) and what people and models wrote. Triggers of the migrations keep its index, the FTS5 table
 * `search`, in step with it; nothing else writes there.
 */
export const searchable = sqliteTable(
  "searchable",
  {
    id: integer().primaryKey({ autoIncrement: true }),
    sessionID: text("session_id").notNull(),
    messageID: text("message_id"),
    /** Of a title: the session's id. */
    partID: text("part_id").notNull().unique(),
    text: text().notNull(),
  },
  (table) => [index("searchable_session").on(table.sessionID), index("searchable_message").on(table.messageID)],
);
