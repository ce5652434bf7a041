import { findMessage } from "../../db/queries/message.ts";
import type { NewEvent } from "../event/log.ts";
import { createId } from "../schema/id.ts";
import type { AssistantMessage, MessageError } from "../schema/message.ts";
import type { Session } from "../schema/session.ts";
import type { SessionOptions } from "./options.ts";

export const interrupted = {
  name: "MessageAbortedError",
  data: { message: "Interrupted: the server stopped before the answer was complete." },
} as const satisfies MessageError;

/** A turn that died between two steps left nothing open; its watchers still need to see that it is over, and why. */
export async function markInterrupted({ database }: SessionOptions, session: Session, questionID: string): Promise<NewEvent[]> {
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
