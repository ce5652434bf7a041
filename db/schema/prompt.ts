import { index, integer, sqliteTable, text } from "drizzle-orm/sqlite-core";

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
