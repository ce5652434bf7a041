import { index, integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";
import type { PermissionRequest } from "../../src/schema/permission.ts";
import type { QuestionRequest } from "../../src/schema/question.ts";

/** Asks that wait for an answer. `serverID`: the server whose tool waits; when it dies the ask is void. */
export const permission = sqliteTable(
  "permission",
  {
    id: text().primaryKey(),
    sessionID: text("session_id").notNull(),
    projectID: text("project_id").notNull(),
    directory: text().notNull(),
    serverID: text("server_id").notNull(),
    asked: integer().notNull(),
    data: text({ mode: "json" }).$type<PermissionRequest>().notNull(),
  },
  (table) => [index("permission_session").on(table.sessionID)],
);

/** The words that came with a `reject`, until the server whose tool waits has taken them: the wire's answer has no room for them. */
export const permissionFeedback = sqliteTable(
  "permission_feedback",
  {
    requestID: text("request_id").primaryKey(),
    sessionID: text("session_id").notNull(),
    feedback: text().notNull(),
  },
  (table) => [index("permission_feedback_session").on(table.sessionID)],
);

/** What was answered with `always`, per project. */
export const permissionRule = sqliteTable(
  "permission_rule",
  {
    projectID: text("project_id").notNull(),
    permission: text().notNull(),
    pattern: text().notNull(),
    created: integer().notNull(),
  },
  (table) => [primaryKey({ columns: [table.projectID, table.permission, table.pattern] })],
);

/** What was answered with `session`. */
export const sessionRule = sqliteTable(
  "session_rule",
  {
    sessionID: text("session_id").notNull(),
    permission: text().notNull(),
    pattern: text().notNull(),
    created: integer().notNull(),
  },
  (table) => [primaryKey({ columns: [table.sessionID, table.permission, table.pattern] })],
);

/** Questions of agents that wait for an answer, as `permission` above. */
export const question = sqliteTable(
  "question",
  {
    id: text().primaryKey(),
    sessionID: text("session_id").notNull(),
    projectID: text("project_id").notNull(),
    directory: text().notNull(),
    serverID: text("server_id").notNull(),
    asked: integer().notNull(),
    data: text({ mode: "json" }).$type<QuestionRequest>().notNull(),
  },
  (table) => [index("question_session").on(table.sessionID)],
);
