import { AppError } from "../schema/error.ts";

/** What a failure of a server is told as: one sentence, without stack and without the bodies of answers. */
export function reasonOf(error: unknown, { timeout }: { timeout: number }): string {
  if (isTimeout(error)) return `It did not answer within ${timeout} ms.`;
  if (codeOf(error) === "CONNECTION_CLOSED") return "It closed the connection before it answered.";
  const status = statusOf(error);
  if (status !== undefined) return `It answered HTTP ${status}.`;
  if (!(error instanceof Error)) return String(error);
  if (!isNetworkFailure(error)) return error.message.slice(0, longest);
  const cause = error.cause as Error;
  return `It cannot be reached: ${cause.message || codeOf(cause)}.`.slice(0, longest);
}

const longest = 500;

export function isTimeout(error: unknown): boolean {
  return codeOf(error) === "REQUEST_TIMEOUT" || (error instanceof DOMException && error.name === "TimeoutError");
}

/** For whoever waits for a server while those of its directory are ended. */
export function serversEnded(): AppError {
  return new AppError("ServiceUnavailableError", "The MCP servers of the directory were ended.");
}

/** The server cannot be reached at all, as far as `fetch` knows. */
export function isNetworkFailure(error: unknown): boolean {
  return error instanceof TypeError && error.cause instanceof Error;
}

/** The server wants a login, and there is none that it takes. */
export function isUnauthorized(error: unknown): boolean {
  return (error instanceof AppError && error.name === "UnauthorizedError") || statusOf(error) === 401;
}

/** The answer of a server to a request in a session that it does not know (any more), and of one that knows no such requests. */
export function isSessionless(error: unknown): boolean {
  return [400, 404, 405].includes(statusOf(error) ?? 0);
}

/** The HTTP status of the answer that made the request fail. */
function statusOf(error: unknown): number | undefined {
  if (typeof error !== "object" || error === null || error instanceof AppError) return undefined;
  if ("status" in error && typeof error.status === "number") return error.status;
  // The older transport has it as its code.
  return "code" in error && typeof error.code === "number" && error.code >= 300 && error.code < 600 ? error.code : undefined;
}

function codeOf(error: unknown): unknown {
  return typeof error === "object" && error !== null && "code" in error ? error.code : undefined;
}

export function unknownServer(name: string, known: string[]): AppError {
  const choice = known.length === 0 ? "None is configured" : `There are: ${known.join(", ")}`;
  return new AppError("McpServerNotFoundError", `There is no MCP server "${name}". ${choice}.`, { server: name });
}
