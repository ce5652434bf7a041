import { findLease } from "../../db/queries/lease.ts";
import { findMessage, listAnswers, withParts } from "../../db/queries/message.ts";
import { findPrompt, nextPrompt, startedPrompts } from "../../db/queries/prompt.ts";
import { AppError } from "../schema/error.ts";
import type { AnyEvent } from "../schema/event.ts";
import type { MessageWithParts } from "../schema/prompt.ts";
import type { SessionOptions } from "./options.ts";

/** Whether the event is one after which a prompt may be over. */
export function mayEnd(event: AnyEvent): boolean {
  return (
    event.type === "session.status" ||
    event.type === "session.deleted" ||
    event.type === "message.removed" ||
    (event.type === "message.updated" && event.properties.info.role === "assistant")
  );
}

/** Whether the prompt has ended and the session is idle or at its next prompt: whoever asks for the status then is told the truth. */
export async function isOver(
  { database: { orm } }: SessionOptions,
  { sessionID, messageID }: { sessionID: string; messageID: string },
): Promise<boolean> {
  const prompt = await findPrompt(orm, messageID);
  // Cancelled while it waited, or gone with its session.
  if (prompt === undefined) return true;
  if (prompt.status !== "ended") return false;
  if ((await findLease(orm, sessionID)) === undefined) return true;
  return (await nextPrompt(orm, sessionID)) !== undefined || (await startedPrompts(orm, sessionID)).length > 0;
}

/** The message that ended the prompt; of one that was interrupted the last that was said; the prompt itself where no model was to answer. Throws NotFoundError for one that is gone. */
export async function answerTo({ database: { orm } }: SessionOptions, messageID: string): Promise<MessageWithParts> {
  const answerID = (await findPrompt(orm, messageID))?.answerID ?? (await listAnswers(orm, messageID)).at(-1)?.info.id ?? messageID;
  const info = await findMessage(orm, answerID);
  const [message] = info === undefined ? [] : await withParts(orm, [info]);
  if (message === undefined)
    throw new AppError("NotFoundError", "The prompt was cancelled while it waited, or its session deleted.", { messageID });
  return message;
}
