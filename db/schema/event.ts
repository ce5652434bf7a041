import { index, integer, sqliteTable, text } from "drizzle-orm/sqlite-core";

/**
 * The log. A snapshot event (the newest state of a session, message or part) keeps only `reference`, the id of the row it
 * stands for, and is filled from that row when it is replayed; any other event keeps its properties in `data`. Of a reference, `data` says
 * whether it is a milestone (`src/event/milestone.ts`).
 */
export const event = sqliteTable(
  "event",
  {
    position: integer().primaryKey({ autoIncrement: true }),
    id: text().notNull(),
    type: text().notNull(),
    sessionID: text("session_id"),
    projectID: text("project_id").notNull(),
    directory: text().notNull(),
    reference: text(),
    created: integer().notNull(),
    data: text({ mode: "json" }).$type<Record<string, unknown>>(),
  },
  (table) => [index("event_session").on(table.sessionID, table.position)],
);
