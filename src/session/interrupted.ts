import { findMessage } from "../../db/queries/message.ts";
import type { NewEvent } from "../event/log.ts";
import { toAppError } from "../schema/error.ts";
import { createId } from "../schema/id.ts";
import type { AssistantMessage, MessageError } from "../schema/message.ts";
import type { Session } from "../schema/session.ts";
import type { SessionOptions } from "./options.ts";

export const interrupted = {
  name: "MessageAbortedError",
  data: { message: "Interrupted: the server stopped before the answer was complete." },
} as const satisfies MessageError;

/** Why a turn was cut short. `message`: of the turn; `tool`: of the tools that ran. */
export interface Interruption {
  error: MessageError;
  tool: string;
}

/** Its server died. */
export const serverDied: Interruption = { error: interrupted, tool: "Interrupted: the server stopped while the tool ran." };

/** The store failed under it. */
export function storeFailed(failure: unknown): Interruption {
  const reason = storeFault(failure);
  return { error: { name: "UnknownError", data: { message: `Interrupted: ${reason}` } }, tool: `Interrupted: ${reason}` };
}

/** A failure of the store in one line. */
export function storeFault(failure: unknown): string {
  return toAppError(failure).name === "StorageFullError"
    ? "the disk was full, and what the turn said or did could not be stored. Once there is room, send the prompt again."
    : "the store failed. The server's log has the details.";
}

/** A turn that died between two steps left nothing open; its watchers still need to see that it is over, and why. */
export async function markInterrupted(
  { database }: SessionOptions,
  session: Session,
  { questionID, error }: { questionID: string; error: MessageError },
): Promise<NewEvent[]> {
  const question = await findMessage(database.orm, questionID);
  if (question?.role !== "user") return [];
  return [
    { type: "session.error", properties: { sessionID: session.id, error } },
    { type: "message.updated", properties: { sessionID: session.id, info: endedMessage(session, question, error) } },
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
