import { sql } from "drizzle-orm";
import { check, index, integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";
import type { FileState } from "../src/schema/change.ts";
import type { AssistantMessage, UserMessage } from "../src/schema/message.ts";
import type { Part } from "../src/schema/part.ts";
import type { PermissionRequest } from "../src/schema/permission.ts";
import type { Project } from "../src/schema/project.ts";
import type { QuestionRequest } from "../src/schema/question.ts";
import type { Session } from "../src/schema/session.ts";

// Wire shapes are kept whole in `data`; a column beside it exists only where a query needs it. Times are epoch milliseconds.

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

/** The queue of accepted prompts: first in, first run. The id is the user message's. */
export const prompt = sqliteTable(
  "prompt",
  {
    sequence: integer().primaryKey({ autoIncrement: true }),
    messageID: text("message_id").notNull().unique(),
    sessionID: text("session_id").notNull(),
    /** `claimed`: a turn has taken it and it cannot be cancelled any more; after a crash it is as good as queued. `started` once a model request for it was written. `held`: its turn was cut short, and people are asked whether it goes on. */
    status: text({ enum: ["queued", "claimed", "started", "held", "ended"] }).notNull(),
    /** The assistant message that ended it; several prompts may share one. Null until then, and for a prompt that no model was to answer. */
    answerID: text("answer_id"),
    /** How it came to a busy session. An `interrupt` that has ended the running turn waits as a `join` from then on. */
    policy: text({ enum: ["join", "queue", "interrupt"] })
      .notNull()
      .default("join"),
  },
  (table) => [index("prompt_session").on(table.sessionID, table.status, table.sequence)],
);

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

/**
 * What model calls used, a row a call. Kept when its session is deleted: what was spent stays spent. Costs are whole billionths of a dollar, so
 * that sums are exact. `tokens` and `cost` are what counts: the upper bound while the call runs (`reserved`), then what the provider `reported`,
 * else what it is `estimated` to have used; nothing where it `refused` the request; the whole reservation where the server was `lost`.
 */
export const usage = sqliteTable(
  "usage",
  {
    id: text().primaryKey(),
    sessionID: text("session_id").notNull(),
    /** The session that was not made by another one: its cap is that of all below it. */
    rootID: text("root_id").notNull(),
    projectID: text("project_id").notNull(),
    /** UTC, as in 2026-01-31. */
    day: text().notNull(),
    serverID: text("server_id").notNull(),
    providerID: text("provider_id").notNull(),
    modelID: text("model_id").notNull(),
    status: text({ enum: ["reserved", "reported", "estimated", "refused", "lost"] }).notNull(),
    tokens: integer().notNull(),
    cost: integer().notNull(),
    reservedTokens: integer("reserved_tokens").notNull(),
    reservedCost: integer("reserved_cost").notNull(),
    /** What was reported beyond what was reserved. */
    excessTokens: integer("excess_tokens").notNull().default(0),
    excessCost: integer("excess_cost").notNull().default(0),
    /** The request's length in bytes, and the tokens the provider counted it as. */
    bytes: integer().notNull(),
    input: integer(),
    /** What the provider counted beside; of the input, what came from the cache and went there. Null where nobody counted, and in rows of older versions. */
    output: integer(),
    reasoning: integer(),
    cacheRead: integer("cache_read"),
    cacheWrite: integer("cache_write"),
    created: integer().notNull(),
  },
  (table) => [
    index("usage_created").on(table.created),
    index("usage_root").on(table.rootID, table.status, table.tokens, table.cost),
    index("usage_project").on(table.projectID, table.status, table.tokens, table.cost),
    index("usage_day").on(table.day, table.status, table.tokens, table.cost),
    index("usage_open").on(table.serverID).where(sql`${table.status} = 'reserved'`),
    index("usage_session").on(table.sessionID, table.created),
  ],
);

/** Caps of single sessions, set while the server runs. They win over the configuration's; -1: no cap. Costs in billionths of a dollar. */
export const sessionCap = sqliteTable("session_cap", {
  sessionID: text("session_id").primaryKey(),
  tokens: integer(),
  cost: integer(),
});

/** Sessions that have reached a cap: what they wanted when they did. Their prompts wait until there is room for that. */
export const pause = sqliteTable(
  "pause",
  {
    sessionID: text("session_id").primaryKey(),
    rootID: text("root_id").notNull(),
    tokens: integer().notNull(),
    cost: integer().notNull(),
    since: integer().notNull(),
  },
  (table) => [index("pause_root").on(table.rootID)],
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
