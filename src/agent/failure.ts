import type { APICallError } from "ai";
import type { MessageError } from "../schema/message.ts";
import { redact, safeHeaders, safeURL } from "./redact.ts";

/** Why an attempt failed, as the message will carry it, and what the retry needs to know. */
export interface Failure {
  error: MessageError;
  retryable: boolean;
  /** Headers of the answer (for `retry-after`); without secrets. */
  headers?: Record<string, string>;
}

export const aborted: MessageError = { name: "MessageAbortedError", data: { message: "Aborted" } };

/** An answer longer than this is cut: error pages of gateways have no bound. */
const bodyLimit = 16_000;

const overflowText =
  /context_length_exceeded|prompt is too long|maximum context length|exceeds? the (model's )?(maximum )?context|context window|input token count.*exceeds|reduce the length of the (messages|prompt)/i;

/** Codes and types that providers put into a stream or a body when they are at fault, not the request. */
const providerFault =
  /^(server_error|internal_server_error|internal_error|api_error|overloaded(_error)?|rate_limit(_error|_exceeded)?|timeout(_error)?|service_unavailable)$/i;

/** Codes of a dropped or refused connection, on the error itself or on its cause. */
const connectionCode =
  /^(UND_ERR_(SOCKET|ABORTED|CONNECT_TIMEOUT|HEADERS_TIMEOUT|BODY_TIMEOUT)|ECONNRESET|ECONNREFUSED|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN)$/;

/**
 * What a model call threw or streamed, as a message error. Names: APIError (the provider answered with an error, or the connection
 * was lost), ContextOverflowError, ProviderAuthError (no key), else UnknownError. Keys, cookies and tokens are taken out.
 */
export function toFailure(error: unknown, provider: string): Failure {
  if (isNamed(error, "AI_APICallError")) return fromCall(error as APICallError);
  if (isNamed(error, "AI_LoadAPIKeyError") || isNamed(error, "ProviderAuthError")) {
    const data = { providerID: provider.split(".")[0] ?? provider, message: redact(messageOf(error)) };
    return { error: { name: "ProviderAuthError", data }, retryable: false };
  }
  return fromStream(error) ?? fromConnection(error) ?? unknown(error);
}

/** The model was silent, or spoke, for too long. */
export function lateFailure(what: string): Failure {
  const message = `${what}; the request was given up.`;
  return { error: { name: "APIError", data: { message, isRetryable: true } }, retryable: true };
}

function fromCall(error: APICallError): Failure {
  const begunWell = error.statusCode !== undefined && error.statusCode < 400;
  const lost = begunWell ? fromConnection(error) : undefined;
  if (lost) return lost;
  const body = error.responseBody === undefined ? undefined : redact(error.responseBody).slice(0, bodyLimit);
  const message = redact(error.message);
  if (error.statusCode !== 429 && overflowText.test(`${message}\n${body ?? ""}`)) {
    return {
      error: { name: "ContextOverflowError", data: { message, ...(body === undefined ? {} : { responseBody: body }) } },
      retryable: false,
    };
  }
  const headers = safeHeaders(error.responseHeaders);
  const retryable = (error.isRetryable || /overloaded_error/.test(body ?? "")) && !/insufficient_quota/.test(body ?? "");
  const data = {
    message,
    ...(error.statusCode === undefined ? {} : { statusCode: error.statusCode }),
    isRetryable: retryable,
    ...(headers === undefined ? {} : { responseHeaders: headers }),
    ...(body === undefined ? {} : { responseBody: body }),
    metadata: { url: safeURL(error.url) },
  };
  return { error: { name: "APIError", data }, retryable, headers };
}

/** An error that the provider sent inside a stream that had begun well. */
function fromStream(error: unknown): Failure | undefined {
  if (!isNamed(error, "AI_StreamProviderError")) return undefined;
  const { type, code, statusCode, isRetryable } = error as {
    type?: string;
    code?: string | number;
    statusCode?: number;
    isRetryable?: boolean;
  };
  const message = redact(messageOf(error));
  if (overflowText.test(`${message}\n${code ?? ""}`))
    return { error: { name: "ContextOverflowError", data: { message } }, retryable: false };
  const retryable = isRetryable === true || providerFault.test(type ?? "") || providerFault.test(String(code ?? ""));
  const data = { message, ...(statusCode === undefined ? {} : { statusCode }), isRetryable: retryable };
  return { error: { name: "APIError", data }, retryable };
}

function fromConnection(error: unknown): Failure | undefined {
  const chain = causes(error);
  const lost = chain.some((cause) => connectionCode.test(codeOf(cause)) || isNamed(cause, "AI_NoOutputGeneratedError"));
  if (!lost) return undefined;
  const message = `The connection to the model was lost: ${redact(messageOf(chain.at(-1)))}`;
  return { error: { name: "APIError", data: { message, isRetryable: true } }, retryable: true };
}

/** The error and what caused it, outermost first. */
function causes(error: unknown, depth = 4): unknown[] {
  const cause = error instanceof Error && depth > 0 ? error.cause : undefined;
  return cause === undefined ? [error] : [error, ...causes(cause, depth - 1)];
}

function unknown(error: unknown): Failure {
  return { error: { name: "UnknownError", data: { message: redact(messageOf(error)) } }, retryable: false };
}

export function messageOf(error: unknown): string {
  if (error instanceof Error) return error.message || error.name;
  if (typeof error === "string") return error;
  const message = typeof error === "object" && error !== null && "message" in error ? error.message : undefined;
  return typeof message === "string" ? message : (JSON.stringify(error) ?? String(error));
}

/** By name: the classes live in a library that is loaded late, and may be there twice. */
function isNamed(error: unknown, name: string): boolean {
  return error instanceof Error && error.name === name;
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}
