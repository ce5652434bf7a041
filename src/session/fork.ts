import { z } from "zod";
import { listMessages } from "../../db/queries/message.ts";
import { listPrompts } from "../../db/queries/prompt.ts";
import type { NewEvent } from "../event/log.ts";
import { AppError } from "../schema/error.ts";
import { createId } from "../schema/id.ts";
import type { MessageWithParts } from "../schema/prompt.ts";
import { type Session, Todo } from "../schema/session.ts";
import { copyMessages } from "./copy.ts";
import { messagesBefore } from "./file-history.ts";
import { ourSession } from "./known.ts";
import type { SessionOptions } from "./options.ts";
import { inOrder } from "./order.ts";
import { copyOutputs } from "./output-copy.ts";
import type { SessionService } from "./session.ts";
import { createSlug } from "./slug.ts";
import { addTotals } from "./totals.ts";
import { scopeOf } from "./workspace.ts";

/**
 * Copies of sessions. A copy holds what was said and done, up to a message if one is named: not what was undone, and of a running turn only the steps
 * that are over. It has ids of its own, no parent, no share link, and its own copies of the full tool outputs. What the original changed
 * in files stays the original's to undo.
 */
export function createForks(options: SessionOptions): Pick<SessionService, "fork"> {
  return {
    async fork(id, messageID) {
      const origin = await ourSession(options, id);
      const messages = await settled(options, origin.id, cut(inOrder(await listMessages(options.database.orm, id)), origin, messageID));
      const session = emptyFork(options, origin);
      const copies = copyMessages(messages, session.id);
      const outputs = await copyOutputs(options.outputDirectory, { from: origin.id, to: session.id, messages: copies });
      try {
        const { info, events } = eventsOf({ ...session, ...lastChoice(origin, outputs.messages) }, outputs.messages);
        await options.log.append(events, { scope: scopeOf(info), retold: true });
        return info;
      } catch (error) {
        await outputs.discard();
        throw error;
      }
    },
  };
}

/** Throws NotFoundError for a message that is not in the conversation. */
function cut(messages: MessageWithParts[], { revert }: Session, messageID: string | undefined): MessageWithParts[] {
  const standing = (revert && messagesBefore(messages, revert)) ?? messages;
  if (messageID === undefined) return standing;
  if (!messages.some(({ info }) => info.id === messageID))
    throw new AppError("NotFoundError", `Message not found: ${messageID}`, { messageID });
  return messagesBefore(standing, { messageID }) ?? standing;
}

/** Without what is still being said, and without prompts that nothing has answered yet but will. */
async function settled(
  { database: { orm } }: SessionOptions,
  sessionID: string,
  messages: MessageWithParts[],
): Promise<MessageWithParts[]> {
  const prompts = await listPrompts(orm, sessionID);
  const open = new Set(prompts.filter(({ status }) => status !== "ended").map((prompt) => prompt.messageID));
  const done = messages.filter(({ info }) => info.role === "user" || info.time.completed !== undefined);
  const answered = new Set(done.map(({ info }) => (info.role === "assistant" ? info.parentID : undefined)));
  return done.filter(({ info }) => info.role === "assistant" || !open.has(info.id) || answered.has(info.id));
}

function emptyFork({ version }: SessionOptions, origin: Session): Session {
  const { projectID, directory, path, permission, agent, model } = origin;
  const now = Date.now();
  return {
    id: createId("session"),
    slug: createSlug(),
    projectID,
    directory,
    path,
    title: forkTitle(origin.title),
    version,
    ...(agent !== undefined && { agent }),
    ...(model && { model }),
    ...(permission && { permission }),
    cost: 0,
    tokens: { input: 0, output: 0, reasoning: 0, cache: { read: 0, write: 0 } },
    time: { created: now, updated: now },
  };
}

/** `X` becomes `X (fork #1)`, and that `X (fork #2)`. */
function forkTitle(title: string): string {
  const [, name, number] = /^(.+) \(fork #(\d+)\)$/s.exec(title) ?? [];
  return name === undefined ? `${title} (fork #1)` : `${name} (fork #${Number(number) + 1})`;
}

/** The agent and model that the last prompt of the copy was for. */
function lastChoice(origin: Session, messages: MessageWithParts[]): Pick<Session, "agent" | "model"> {
  const last = messages.findLast(({ info }) => info.role === "user")?.info;
  if (last?.role !== "user") return {};
  const { providerID, modelID, variant = origin.model?.variant } = last.model;
  return { agent: last.agent, model: { id: modelID, providerID, variant } };
}

/** What makes a session that holds the messages, and its totals. */
export function eventsOf(session: Session, messages: MessageWithParts[]): { info: Session; events: NewEvent[] } {
  const sessionID = session.id;
  const info = messages.reduce((sum, message) => (message.info.role === "assistant" ? addTotals(sum, message.info) : sum), session);
  const time = info.time.updated;
  const said = messages.flatMap(({ info: message, parts }): NewEvent[] => [
    { type: "message.updated", properties: { sessionID, info: message } },
    ...parts.map((part): NewEvent => ({ type: "message.part.updated", properties: { sessionID, part, time } })),
  ]);
  const todos = lastTodos(messages);
  const list: NewEvent[] = todos ? [{ type: "todo.updated", properties: { sessionID, todos } }] : [];
  return { info, events: [{ type: "session.created", properties: { sessionID, info } }, ...said, ...list] };
}

/** The to-do list as it was at the end of what was copied. */
function lastTodos(messages: MessageWithParts[]): Todo[] | undefined {
  const states = messages.flatMap(({ parts }) =>
    parts.flatMap((part) => (part.type === "tool" && part.tool === "todowrite" ? [part.state] : [])),
  );
  const written = states.findLast(({ status }) => status === "completed");
  return written?.status === "completed" ? z.array(Todo).safeParse(written.metadata.todos).data : undefined;
}
