import { countWaiting } from "../../db/queries/prompt.ts";
import { AppError } from "../schema/error.ts";
import type { Session } from "../schema/session.ts";
import type { SessionOptions } from "./options.ts";

/** Seconds after which there may be room. */
const retryAfter = 5;

/** Throws TooManyRequestsError when as many prompts wait as may, in the session or in all. Sub-agents are part of a turn that was let in. */
export async function requireRoom({ database: { orm }, limits }: SessionOptions, { id, parentID }: Session): Promise<void> {
  const { queued, queuedPerSession } = limits();
  if ((await countWaiting(orm, id)) >= queuedPerSession)
    throw full(`${queuedPerSession} prompts wait in the session ${id}. Wait for some to end, or cancel some.`, queuedPerSession);
  if (parentID === undefined && (await countWaiting(orm)) >= queued)
    throw full(`${queued} prompts wait on this server. Wait for some to end, or cancel some.`, queued);
}

function full(message: string, limit: number): AppError {
  return new AppError("TooManyRequestsError", message, { limit, retryAfter });
}
