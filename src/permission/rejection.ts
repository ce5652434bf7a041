import { AppError } from "../schema/error.ts";
import type { PermissionRule } from "../schema/session.ts";
import type { Subject } from "./rules.ts";

/** An error that ends the turn: the loop looks for `stopsTurn` on whatever a tool throws. */
const stopping = (error: AppError): AppError => Object.assign(error, { stopsTurn: true });

/** A rule said no. The model reads why and may do something else. */
export function rejectedByRule(rule: PermissionRule, subject: Subject): AppError {
  const message = `The permission rule ${JSON.stringify(rule)} does not allow "${subject.permission}" on "${subject.pattern}".`;
  return new AppError("PermissionRejectedError", message, { by: "rule", rule, ...subject });
}

/** A person said no. With words of theirs the model goes on, and reads them; without, the turn ends. */
export function rejectedByPerson(permission: string, feedback: string | undefined): AppError {
  const refused = `The user refused this use of the permission "${permission}"`;
  if (feedback === undefined) return stopping(new AppError("PermissionRejectedError", `${refused}.`, { by: "person", permission }));
  return new AppError("PermissionRejectedError", `${refused} and says: ${feedback}`, { by: "person", permission, feedback });
}

/** Nobody answered. The turn ends: the next ask would wait as long again. */
export function rejectedByTimeout(permission: string, ms: number): AppError {
  const message = `Nobody answered whether "${permission}" is allowed within ${ms / 1000} seconds, so it counts as refused.`;
  return stopping(new AppError("PermissionRejectedError", message, { by: "timeout", permission }));
}

export function askNotFound(requestID: string): AppError {
  const message = `Permission request not found: ${requestID}. It is unknown, or was answered already.`;
  return new AppError("PermissionNotFoundError", message, { requestID });
}

export function shuttingDown(): AppError {
  return new AppError("ServiceUnavailableError", "The server is shutting down.", { service: "permission" });
}
