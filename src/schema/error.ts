import { z } from "zod";

/**
 * Every error that may leave the server: its HTTP status, its tRPC code, and whether the reference shape carries a `_tag`.
 * Statuses follow the reference document; the names of 4xx answers are OpenCode's where it has one.
 */
export const errorTable = {
  BadRequest: { status: 400, code: "BAD_REQUEST", tagged: true },
  UnauthorizedError: { status: 401, code: "UNAUTHORIZED", tagged: true },
  ForbiddenError: { status: 403, code: "FORBIDDEN", tagged: true },
  NotFoundError: { status: 404, code: "NOT_FOUND", tagged: false },
  PermissionNotFoundError: { status: 404, code: "NOT_FOUND", tagged: true },
  ProjectNotFoundError: { status: 404, code: "NOT_FOUND", tagged: true },
  VcsApplyError: { status: 400, code: "BAD_REQUEST", tagged: false },
  QuestionNotFoundError: { status: 404, code: "NOT_FOUND", tagged: true },
  McpServerNotFoundError: { status: 404, code: "NOT_FOUND", tagged: true },
  MethodNotAllowedError: { status: 405, code: "METHOD_NOT_SUPPORTED", tagged: false },
  ConflictError: { status: 409, code: "CONFLICT", tagged: true },
  SessionBusyError: { status: 409, code: "CONFLICT", tagged: true },
  PayloadTooLargeError: { status: 413, code: "PAYLOAD_TOO_LARGE", tagged: false },
  IdempotencyKeyError: { status: 422, code: "UNPROCESSABLE_CONTENT", tagged: false },
  UriTooLongError: { status: 414, code: "BAD_REQUEST", tagged: false },
  HeadersTooLargeError: { status: 431, code: "BAD_REQUEST", tagged: false },
  RequestTimeoutError: { status: 408, code: "TIMEOUT", tagged: false },
  ProviderModelNotFoundError: { status: 400, code: "BAD_REQUEST", tagged: false },
  AgentNotFoundError: { status: 400, code: "BAD_REQUEST", tagged: false },
  ProviderAuthOauthMissing: { status: 400, code: "BAD_REQUEST", tagged: false },
  ProviderAuthOauthCodeMissing: { status: 400, code: "BAD_REQUEST", tagged: false },
  ProviderAuthOauthCallbackFailed: { status: 400, code: "BAD_REQUEST", tagged: false },
  ProviderAuthError: { status: 400, code: "BAD_REQUEST", tagged: false },
  McpUnsupportedOAuthError: { status: 400, code: "BAD_REQUEST", tagged: true },
  ConfigInvalidError: { status: 400, code: "BAD_REQUEST", tagged: false },
  PermissionRejectedError: { status: 403, code: "FORBIDDEN", tagged: false },
  QuestionRejectedError: { status: 403, code: "FORBIDDEN", tagged: false },
  TooManyRequestsError: { status: 429, code: "TOO_MANY_REQUESTS", tagged: false },
  UnknownError: { status: 500, code: "INTERNAL_SERVER_ERROR", tagged: false },
  StorageFullError: { status: 503, code: "SERVICE_UNAVAILABLE", tagged: false },
  ServiceUnavailableError: { status: 503, code: "SERVICE_UNAVAILABLE", tagged: true },
} as const;

export type ErrorName = keyof typeof errorTable;

/** The one error class: services throw it, `routers/trpc.ts` and the hosts turn it into an answer. `data.message` repeats `message`. */
export class AppError extends Error {
  override readonly name: ErrorName;
  readonly data: Record<string, unknown> & { message: string };

  constructor(name: ErrorName, message: string, data: Record<string, unknown> = {}, options?: ErrorOptions) {
    super(message, options);
    this.name = name;
    this.data = { ...data, message };
  }

  get status(): number {
    return errorTable[this.name].status;
  }

  /** The body of the answer: `{ name, message, data }`, with `_tag` and the data's fields beside it where the reference has a tagged shape. */
  toBody(): ErrorBody {
    const body = { name: this.name, message: this.message, data: this.data };
    return errorTable[this.name].tagged ? { ...this.data, ...body, _tag: this.name } : body;
  }
}

/** What a call's record says beside the error of one that was not allowed: who said no, so that nobody has to read it from the words. */
export function denialOf(error: unknown): { denied: "rule" | "person" | "timeout" } | undefined {
  if (!(error instanceof AppError) || error.name !== "PermissionRejectedError") return undefined;
  const { by } = error.data;
  return by === "rule" || by === "timeout" ? { denied: by } : { denied: "person" };
}

export const ErrorBody = z
  .object({
    name: z.string(),
    message: z.string(),
    data: z.object({ message: z.string() }).catchall(z.unknown()),
    _tag: z.string().optional(),
  })
  .catchall(z.unknown())
  .meta({ id: "ErrorBody" });
export type ErrorBody = z.infer<typeof ErrorBody>;

/** Any thrown value as an AppError. What is not ours is an UnknownError without its internal text; the cause is kept for the log. */
export function toAppError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  if (isFull(error))
    return new AppError("StorageFullError", "The disk is full: nothing was stored. Make room and try again.", {}, { cause: error });
  return new AppError("UnknownError", "Unexpected server error. The server's log has the details.", {}, { cause: error });
}

/** For whoever waits for what this server will not bring any more. */
export function shuttingDown(message = "The server is shutting down."): AppError {
  return new AppError("ServiceUnavailableError", message, { reason: "shutdown" });
}

export function isShutdown(error: unknown): boolean {
  return error instanceof AppError && error.data.reason === "shutdown";
}

/** What SQLite and the system say when there is no room for a write. */
function isFull(error: unknown): boolean {
  for (let at = error; at instanceof Error; at = at.cause)
    if ("code" in at && /^(SQLITE_FULL|ENOSPC|EDQUOT)$/.test(String(at.code))) return true;
  return false;
}
