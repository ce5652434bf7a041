import { type ChangeRow, listChanges, listFamily } from "../../db/queries/change.ts";
import { listMessages } from "../../db/queries/message.ts";
import type { NewEvent } from "../event/log.ts";
import { callOf, isByPerson } from "../schema/change.ts";
import { AppError } from "../schema/error.ts";
import type { UserMessage } from "../schema/message.ts";
import type { MessageWithParts } from "../schema/prompt.ts";
import type { Session, SnapshotFileDiff } from "../schema/session.ts";
import type { Snapshots } from "../snapshot/snapshot.ts";
import { diffOf, summaryOf } from "./diff.ts";
import { ourSession } from "./known.ts";
import type { SessionOptions } from "./options.ts";
import { inOrder } from "./order.ts";
import { changeOf, fenced } from "./turn-input.ts";

/** A place in a conversation: a message, or a part of it and what follows. */
export interface Point {
  messageID: string;
  partID?: string;
}

/** A session's messages and what it and its child sessions changed, in order. */
export interface History {
  messages: MessageWithParts[];
  rows: ChangeRow[];
}

export async function loadHistory({ database: { orm } }: SessionOptions, sessionID: string): Promise<History> {
  return { messages: inOrder(await listMessages(orm, sessionID)), rows: await listChanges(orm, await listFamily(orm, sessionID)) };
}

/** The messages from a place on. The first has only its parts from there on when the place is a part. Empty when there is no such place. */
export function messagesFrom({ messages }: History, { messageID, partID }: Point): MessageWithParts[] {
  const at = messages.findIndex(({ info }) => info.id === messageID);
  const [first, ...rest] = at < 0 ? [] : messages.slice(at);
  if (first === undefined || partID === undefined) return first ? [first, ...rest] : [];
  const part = first.parts.findIndex(({ id }) => id === partID);
  return part < 0 ? [] : [{ info: first.info, parts: first.parts.slice(part) }, ...rest];
}

/** The messages before a place; of the message that a part is in, the parts before it. Undefined when there is no such place. */
export function messagesBefore(messages: MessageWithParts[], { messageID, partID }: Point): MessageWithParts[] | undefined {
  const at = messages.findIndex(({ info }) => info.id === messageID);
  const message = messages[at];
  if (message === undefined) return undefined;
  const before = messages.slice(0, at);
  const part = message.parts.findIndex(({ id }) => id === partID);
  return part < 0 ? before : [...before, { info: message.info, parts: message.parts.slice(0, part) }];
}

/** What was changed from a place on: by the calls there, and by child sessions since they began. */
export function rowsFrom(history: History, point: Point): ChangeRow[] {
  const [first, ...rest] = messagesFrom(history, point);
  if (first === undefined) return [];
  const own = history.messages[0]?.info.sessionID;
  const calls = new Set(first.parts.flatMap((part) => (part.type === "tool" ? [part.callID] : [])));
  const later = new Set(rest.map(({ info }) => info.id));
  const since = point.partID === undefined ? first.info.time.created : beginOf(first);
  return history.rows.filter(({ sessionID, messageID, callID, created }) => {
    if (sessionID !== own) return created >= since;
    if (messageID === first.info.id) return point.partID === undefined || calls.has(callOf({ callID }));
    return later.has(messageID);
  });
}

/** When the parts began: a child session that works for one of them starts after that. */
function beginOf({ info, parts }: MessageWithParts): number {
  for (const part of parts) {
    if (part.type === "tool" && "time" in part.state) return part.state.time.start;
    if ((part.type === "text" || part.type === "reasoning") && part.time) return part.time.start;
  }
  return info.role === "assistant" ? (info.time.completed ?? info.time.created) : info.time.created;
}

/** What a turn (of a user message) or a step (of an assistant message) changed. */
function rowsOf({ messages, rows }: History, messageID: string): ChangeRow[] {
  const steps = messages.filter(({ info }) => info.id === messageID || (info.role === "assistant" && info.parentID === messageID));
  const ids = new Set(steps.map(({ info }) => info.id));
  const sessionID = messages[0]?.info.sessionID;
  const during = (created: number) =>
    steps.some(({ info }) => info.role === "assistant" && created >= info.time.created && created <= (info.time.completed ?? created));
  // What a person took back since is not the turn's doing.
  const did = rows.filter((row) => !isByPerson(row));
  return did.filter((row) => (row.sessionID === sessionID ? ids.has(row.messageID) : during(row.created)));
}

/** What the session's changes come to as it stands: without those that are undone. */
export function standing(history: History, session: Session): ChangeRow[] {
  if (session.revert === undefined) return history.rows;
  const reverted = new Set(rowsFrom(history, session.revert));
  return history.rows.filter((row) => !reverted.has(row));
}

/** Throws NotFoundError for a message that is not of the session. */
export function requireMessage({ messages }: History, messageID: string): void {
  if (messages.some(({ info }) => info.id === messageID)) return;
  throw new AppError("NotFoundError", `Message not found: ${messageID}`, { messageID });
}

/** What a diff is asked for. `file`: that one alone, by its name in diffs; `context`: unchanged lines around each change. */
export interface DiffQuery {
  messageID?: string;
  file?: string;
  context?: number;
}

/** Throws NotFoundError for an unknown session or a message that is not of it, ForbiddenError for a session outside the roots. */
export async function sessionDiff(options: SessionOptions, id: string, query: DiffQuery = {}): Promise<SnapshotFileDiff[]> {
  const { messageID, file, context } = query;
  const session = await ourSession(options, id);
  const { snapshots } = await options.workspace(session.directory);
  const history = await loadHistory(options, id);
  if (messageID !== undefined) requireMessage(history, messageID);
  const rows = messageID === undefined ? standing(history, session) : rowsOf(history, messageID);
  return diffOf(snapshots, file === undefined ? rows : rows.filter((row) => snapshots.nameOf(row.file) === file), context);
}

/** Tells, at the end of a turn, what each of its questions led to change, and what the session has changed in all. Throws ConflictError when the lease is lost. */
export async function concludeFiles(
  options: SessionOptions,
  session: Session,
  turn: { questions: UserMessage[]; snapshots: Snapshots },
): Promise<void> {
  const { questions, snapshots } = turn;
  const sessionID = session.id;
  const history = await loadHistory(options, sessionID);
  const messages: NewEvent[] = [];
  for (const question of questions) {
    const info = { ...question, summary: { ...question.summary, diffs: await diffOf(snapshots, rowsOf(history, question.id)) } };
    messages.push({ type: "message.updated", properties: { sessionID, info } });
  }
  const diff = await diffOf(snapshots, standing(history, session));
  await changeOf(
    options,
    session,
  )((current) => ({
    events: [
      ...messages,
      { type: "session.updated", properties: { sessionID, info: { ...current, summary: summaryOf(diff) } } },
      { type: "session.diff", properties: { sessionID, diff } },
    ],
    append: { fence: fenced(options, session).fence },
  }));
}
