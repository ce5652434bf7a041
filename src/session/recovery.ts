import { findMessage, listOpenMessages, withParts } from "../../db/queries/message.ts";
import { listAsks } from "../../db/queries/permission.ts";
import { endTurn, setPromptStatus, startedPrompts } from "../../db/queries/prompt.ts";
import { listQuestions } from "../../db/queries/question.ts";
import type { NewEvent } from "../event/log.ts";
import { createId } from "../schema/id.ts";
import type { AssistantMessage, MessageError } from "../schema/message.ts";
import type { Part } from "../schema/part.ts";
import type { Session } from "../schema/session.ts";
import type { SessionOptions } from "./options.ts";
import { scopeOf } from "./workspace.ts";

export const interrupted: MessageError = {
  name: "MessageAbortedError",
  data: { message: "Interrupted: the server stopped before the answer was complete." },
};

/**
 * Tells the truth about a session whose server died: what was open is closed as interrupted, in one commit. The caller holds the lease.
 * Prompts that were started are over (a second run could repeat what their tools did); those still queued are left for the queue.
 */
export async function recoverSession(options: SessionOptions, session: Session): Promise<void> {
  const { log, database, serverID } = options;
  const { orm } = database;
  const started = await startedPrompts(orm, session.id);
  const open = await withParts(orm, await listOpenMessages(orm, session.id));
  const events = open.flatMap(({ info, parts }) => (info.role === "assistant" ? closeMessage(info, parts) : []));
  // All that was started belongs to one turn, whose newest prompt is answered for the others too.
  const newest = started.at(-1);
  if (newest !== undefined && events.length === 0) events.push(...(await markInterrupted(options, session, newest)));
  const answer = events.findLast((event) => event.type === "message.updated")?.properties.info.id;
  for (const { request } of await listAsks(orm, { sessionID: session.id })) {
    events.push({ type: "permission.replied", properties: { sessionID: session.id, requestID: request.id, reply: "reject" } });
  }
  for (const { request } of await listQuestions(orm, { sessionID: session.id }))
    events.push({ type: "question.rejected", properties: { sessionID: session.id, requestID: request.id } });
  const turn = { sessionID: session.id, messageIDs: started };
  const writes = started.length === 0 ? [] : [answer === undefined ? setPromptStatus(orm, started, "ended") : endTurn(orm, turn, answer)];
  writes.push(options.budgets.lose(session.id));
  await log.append(events, { scope: scopeOf(session), fence: { sessionID: session.id, serverID }, writes });
}

function closeMessage(info: AssistantMessage, parts: Part[]): NewEvent[] {
  const { sessionID } = info;
  const closed = parts.flatMap((part) => closePart(part) ?? []);
  return [
    ...closed.map((part): NewEvent => ({ type: "message.part.updated", properties: { sessionID, part, time: Date.now() } })),
    { type: "session.error", properties: { sessionID, error: interrupted } },
    {
      type: "message.updated",
      properties: { sessionID, info: { ...info, error: interrupted, time: { ...info.time, completed: Date.now() } } },
    },
  ];
}

function closePart(part: Part): Part | undefined {
  const end = Date.now();
  if ((part.type === "text" || part.type === "reasoning") && part.time && part.time.end === undefined)
    return { ...part, time: { ...part.time, end } };
  if (part.type !== "tool" || part.state.status === "completed" || part.state.status === "error") return undefined;
  const start = part.state.status === "running" ? part.state.time.start : end;
  const metadata = { ...(part.state.status === "running" ? part.state.metadata : {}), interrupted: true };
  return {
    ...part,
    state: {
      status: "error",
      input: part.state.input,
      error: "Interrupted: the server stopped while the tool ran.",
      metadata,
      time: { start, end },
    },
  };
}

/** A turn that died between two steps left nothing open; its watchers still need to see that it is over, and why. */
async function markInterrupted({ database }: SessionOptions, session: Session, questionID: string): Promise<NewEvent[]> {
  const question = await findMessage(database.orm, questionID);
  if (question?.role !== "user") return [];
  return [
    { type: "session.error", properties: { sessionID: session.id, error: interrupted } },
    { type: "message.updated", properties: { sessionID: session.id, info: endedMessage(session, question, interrupted) } },
  ];
}

/** An assistant message that was over before it began. */
export function endedMessage(
  session: Session,
  question: { id: string; agent: string; model: { providerID: string; modelID: string } },
  error: MessageError,
): AssistantMessage {
  const now = Date.now();
  const { providerID, modelID } = question.model;
  return {
    id: createId("message"),
    sessionID: session.id,
    role: "assistant",
    time: { created: now, completed: now },
    parentID: question.id,
    providerID,
    modelID,
    mode: question.agent,
    agent: question.agent,
    path: { cwd: session.directory, root: session.directory },
    cost: 0,
    tokens: { input: 0, output: 0, reasoning: 0, cache: { read: 0, write: 0 } },
    error,
  };
}
