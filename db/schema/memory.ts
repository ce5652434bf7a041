import { index, integer, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** What was said to be remembered. Outside git the project says nothing of the place: there the directory does. */
export const memory = sqliteTable(
  "memory",
  {
    sequence: integer().primaryKey({ autoIncrement: true }),
    id: text().notNull().unique(),
    projectID: text("project_id").notNull(),
    directory: text().notNull(),
    type: text().notNull(),
    text: text().notNull(),
    created: integer().notNull(),
  },
  (table) => [index("memory_project").on(table.projectID, table.type, table.sequence)],
);
