import { index, integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";
import type { Project } from "../../src/schema/project.ts";
import type { Session } from "../../src/schema/session.ts";

export const project = sqliteTable("project", {
  id: text().primaryKey(),
  updated: integer().notNull(),
  data: text({ mode: "json" }).$type<Project>().notNull(),
});

export const session = sqliteTable(
  "session",
  {
    id: text().primaryKey(),
    projectID: text("project_id").notNull(),
    parentID: text("parent_id"),
    directory: text().notNull(),
    path: text().notNull(),
    title: text().notNull(),
    created: integer().notNull(),
    updated: integer().notNull(),
    archived: integer(),
    data: text({ mode: "json" }).$type<Session>().notNull(),
  },
  (table) => [
    index("session_updated").on(table.updated),
    index("session_directory").on(table.directory, table.updated),
    index("session_project").on(table.projectID, table.updated),
    index("session_parent").on(table.parentID),
  ],
);

/** The tags of the sessions, so that those of a tag are found. */
export const sessionTag = sqliteTable(
  "session_tag",
  {
    sessionID: text("session_id").notNull(),
    tag: text().notNull(),
  },
  (table) => [primaryKey({ columns: [table.sessionID, table.tag] }), index("session_tag_tag").on(table.tag)],
);

export const todo = sqliteTable(
  "todo",
  {
    sessionID: text("session_id").notNull(),
    sequence: integer().notNull(),
    content: text().notNull(),
    status: text().notNull(),
    priority: text().notNull(),
  },
  (table) => [primaryKey({ columns: [table.sessionID, table.sequence] })],
);

/** Sessions that whoever has the link may read. The secret of the link is found by its SHA-256, in hex. */
export const share = sqliteTable("share", {
  secretHash: text("secret_hash").primaryKey(),
  sessionID: text("session_id").notNull().unique(),
});

/** The session that the id `default` stands for, by directory (absolute, without symlinks). */
export const defaultSession = sqliteTable("default_session", {
  directory: text().primaryKey(),
  sessionID: text("session_id").notNull().unique(),
});
