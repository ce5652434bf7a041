import type { CallName } from "../../db/queries/idempotency.ts";
import { AppError } from "../schema/error.ts";

const about = ({ procedure, key }: CallName) => ({ procedure, key });

export function otherRequest(call: CallName): AppError {
  const message = "This Idempotency-Key was used before, with another request. Take a new key for a new request.";
  return new AppError("IdempotencyKeyError", message, about(call));
}

export function stillRunning(call: CallName): AppError {
  const message = "The first call with this Idempotency-Key is still under way. Send it again later to get its answer.";
  return new AppError("ConflictError", message, { ...about(call), reason: "running" });
}

const reasons = {
  secret: "its answer held a secret, which is not kept",
  size: "its answer was too large to be kept",
  lost: "its answer was lost when the server stopped or the caller went away",
  erased: "its answer was erased with its session",
};

/** The first call was done; there is nothing left to tell it again with. */
export function withheld(call: CallName, reason: keyof typeof reasons): AppError {
  const message = `The first call with this Idempotency-Key took effect, and ${reasons[reason]}. Look at what there is now; take a new key to do it once more.`;
  return new AppError("ConflictError", message, { ...about(call), reason });
}
