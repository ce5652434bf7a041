import type { IncomingMessage, ServerResponse } from "node:http";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import type { AppError } from "../schema/error.ts";
import { challengeFor } from "./auth.ts";
import { closedPolicy } from "./page.ts";

const compress = promisify(gzip);
const compressibleBytes = 1024;
/** How long a client may go on sending a body that was already refused. */
const lingerMilliseconds = 5_000;

export interface Answer {
  status: number;
  headers?: Iterable<[string, string]>;
  /** JSON text; none for 204. */
  json?: string;
}

/** Headers every answer has. A page sets a policy of its own (`page.ts`). */
export function setSecurityHeaders(response: ServerResponse): void {
  response.setHeader("x-content-type-options", "nosniff");
  response.setHeader("referrer-policy", "no-referrer");
  response.setHeader("x-frame-options", "DENY");
  response.setHeader("content-security-policy", closedPolicy);
  response.setHeader("cross-origin-resource-policy", "same-site");
}

/** Sends JSON, compressed above 1 KiB if the client takes gzip. After a long answer's first byte only the body is left to send. */
export async function sendAnswer(request: IncomingMessage, response: ServerResponse, answer: Answer): Promise<void> {
  if (response.writableEnded) return;
  if (response.headersSent) {
    response.end(answer.json ?? "");
    return;
  }
  const plain = Buffer.from(answer.json ?? "");
  const zipped = plain.byteLength > compressibleBytes && acceptsGzip(request);
  const body = zipped ? await compress(plain) : plain;
  if (response.destroyed) return;
  for (const [name, value] of answer.headers ?? []) response.setHeader(name, value);
  response.appendHeader("vary", "Accept-Encoding");
  if (zipped) response.setHeader("content-encoding", "gzip");
  if (answer.json !== undefined) {
    response.setHeader("content-type", "application/json");
    response.setHeader("content-length", body.byteLength);
  }
  response.writeHead(answer.status).end(body);
}

/** Sends an error as `{ name, message, data }` with its status, and gives a client that still sends its body a bounded time to stop. */
export async function sendError(
  request: IncomingMessage,
  response: ServerResponse,
  { error, body = error.toBody() }: { error: AppError; body?: object },
): Promise<void> {
  await sendAnswer(request, response, { status: error.status, headers: errorHeaders(error, request), json: JSON.stringify(body) });
  linger(request);
}

export function errorHeaders(error: AppError, request?: IncomingMessage): [string, string][] {
  if (error.name === "UnauthorizedError") return [["www-authenticate", challengeFor(request)]];
  if (error.name === "TooManyRequestsError") return [["retry-after", String(error.data.retryAfter ?? 1)]];
  return Array.isArray(error.data.allow) ? [["allow", error.data.allow.join(", ")]] : [];
}

/** Reads on and drops what a client still sends after its answer (closing at once could cost it that answer), for a bounded time. */
export function linger(request: IncomingMessage): void {
  if (request.complete || request.destroyed) return;
  request.resume();
  const timer = setTimeout(() => request.destroy(), lingerMilliseconds).unref();
  request.once("end", () => clearTimeout(timer)).once("close", () => clearTimeout(timer));
}

/** Whether the client takes gzip. */
export function acceptsGzip(request: IncomingMessage): boolean {
  const accepted = String(request.headers["accept-encoding"] ?? "");
  return /\bgzip\b(?!\s*;\s*q=0(\.0*)?\s*(,|$))/i.test(accepted);
}
