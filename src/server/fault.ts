import type { IncomingMessage } from "node:http";
import { type AppError, isShutdown, toAppError } from "../schema/error.ts";
import type { Host } from "./exchange.ts";

/** A failure as what its client may know. A fault of the server is told to its log, whether or not the client is still there; that it ends is none. */
export function toFault(host: Host, request: IncomingMessage, error: unknown): AppError {
  const fault = toAppError(error);
  const cause = fault.cause ?? fault;
  if (fault.status >= 500 && !isShutdown(fault) && !isOfTheConnection(request, cause)) host.onFault(cause, request);
  return fault;
}

/** A frame that breaks the protocol, or work given up because its client went away: nobody's fault. */
function isOfTheConnection({ socket }: IncomingMessage, cause: unknown): boolean {
  if (!(cause instanceof Error)) return false;
  const code = "code" in cause ? String(cause.code) : "";
  return code.startsWith("WS_ERR_") || (socket.destroyed && (cause.name === "AbortError" || /^(ECONN|EPIPE)/.test(code)));
}
