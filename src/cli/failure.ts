import type { ErrorName } from "../schema/error.ts";
import type { MessageError } from "../schema/message.ts";

/** What a command ends with. 124 is that of `timeout(1)`, 130 that of a shell whose child took SIGINT. */
export const exitCodes = {
  ok: 0,
  task: 1,
  usage: 2,
  config: 3,
  connect: 4,
  auth: 5,
  permission: 6,
  provider: 7,
  timeout: 124,
  interrupt: 130,
} as const;

export type ExitKind = keyof typeof exitCodes;

/** A command that ends: why, in one line that says what to do, and with which code. */
export class Failure extends Error {
  readonly kind: ExitKind;

  constructor(kind: ExitKind, message: string, options?: ErrorOptions) {
    super(message, options);
    this.kind = kind;
  }

  get exitCode(): number {
    return exitCodes[this.kind];
  }
}

/** Names of errors, thrown here or answered by a server. What is not here is a failed task. By name, since their class brings zod with it. */
const kinds: Partial<Record<ErrorName | MessageError["name"], ExitKind>> = {
  BadRequest: "usage",
  NotFoundError: "usage",
  ProviderModelNotFoundError: "usage",
  AgentNotFoundError: "usage",
  ConfigInvalidError: "config",
  UnauthorizedError: "auth",
  ForbiddenError: "permission",
  PermissionRejectedError: "permission",
  ServiceUnavailableError: "connect",
  ProviderAuthError: "provider",
  APIError: "provider",
  ContextOverflowError: "provider",
  ContentFilterError: "provider",
};

const networkCodes = new Set(["ECONNREFUSED", "ECONNRESET", "ENOTFOUND", "EAI_AGAIN", "ETIMEDOUT", "EHOSTUNREACH", "ENETUNREACH", "EPIPE"]);

/** Any thrown value as the failure it is. An unknown one is a failed task with its message; its stack stays inside. */
export function toFailure(error: unknown): Failure {
  if (error instanceof Failure) return error;
  const named = namedError(error);
  if (named) return new Failure(kindOf(named.name), named.message, { cause: error });
  const network = networkCode(error);
  if (network) return new Failure("connect", `The server cannot be reached (${network}).`, { cause: error });
  return new Failure("task", error instanceof Error ? error.message : String(error), { cause: error });
}

/** Why a turn failed, as an exit: the error a message ended with. */
export function fromMessageError(error: MessageError): Failure {
  const message = typeof error.data.message === "string" ? error.data.message : error.name;
  return new Failure(kindOf(error.name), message);
}

/** One line of at most about 1,000 characters, however many the cause had. */
export function oneLine(text: string): string {
  const line = text.replace(/\s*[\r\n]+\s*/g, " ").trim();
  return line.length > 1000 ? `${line.slice(0, 999)}…` : line;
}

/** Why a file that was named cannot be read. */
export function readFault({ code, message }: NodeJS.ErrnoException): string {
  if (code === "ENOENT" || code === "ENOTDIR") return "there is no such file";
  return code === "EISDIR" ? "it is a directory" : message;
}

function kindOf(name: string): ExitKind {
  const found = Object.entries(kinds).find(([known]) => known === name);
  return found?.[1] ?? "task";
}

/** An AppError, or the one inside a tRPC client's error: its `data`, or the body of an answer that came before tRPC had a say (401, 403). */
function namedError(error: unknown): { name: string; message: string } | undefined {
  if (!(error instanceof Error)) return undefined;
  if (Object.hasOwn(kinds, error.name)) return { name: error.name, message: error.message };
  const name = field(field(error, "data"), "name");
  if (typeof name === "string") return { name, message: error.message };
  const body = field(field(error, "meta"), "responseJSON");
  const [bodyName, message] = [field(body, "name"), field(body, "message")];
  return typeof bodyName === "string" && typeof message === "string" ? { name: bodyName, message } : undefined;
}

function field(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? Object.entries(value).find(([key]) => key === name)?.[1] : undefined;
}

function networkCode(error: unknown): string | undefined {
  for (let at = error; at instanceof Error; at = at.cause) {
    if ("code" in at && typeof at.code === "string" && networkCodes.has(at.code)) return at.code;
    if (at instanceof AggregateError && at.errors.length > 0) return networkCode(at.errors[0]);
  }
  return undefined;
}
