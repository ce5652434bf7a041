import type { IncomingMessage } from "node:http";
import { visit } from "jsonc-parser";
import { AppError } from "../schema/error.ts";

/**
 * The JSON of a request's body, whatever its content type says; `{}` for an empty one. Throws PayloadTooLargeError as soon as the limit
 * (bytes) is passed, and BadRequest, with line, column and offset, for what is not JSON.
 */
export async function readJson(request: IncomingMessage, limit: number): Promise<unknown> {
  const text = decode(await readBytes(request, limit));
  return text.trim() === "" ? {} : parseJson(text);
}

async function readBytes(request: IncomingMessage, limit: number): Promise<Buffer> {
  const encoding = request.headers["content-encoding"];
  if (encoding !== undefined && encoding !== "identity") {
    throw new AppError("BadRequest", `The body is encoded as "${encoding}"; send it without content-encoding.`, { kind: "Payload" });
  }
  if (Number(request.headers["content-length"] ?? 0) > limit) throw tooLarge(limit);
  const chunks: Buffer[] = [];
  let size = 0;
  // The default iterator destroys the request on a throw, and with it the connection the refusal has to travel on.
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    size += chunk.length;
    if (size > limit) throw tooLarge(limit);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function decode(bytes: Buffer): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new AppError("BadRequest", "The body is not UTF-8 text.", { kind: "Payload" });
  }
}

function parseJson(text: string): unknown {
  requireShallow(text);
  try {
    // Only a text that can hold the key pays for the slower parse.
    return /__proto__|\\u/.test(text) ? JSON.parse(text, (key, value) => (key === "__proto__" ? undefined : value)) : JSON.parse(text);
  } catch (error) {
    throw malformed(text, error);
  }
}

/** Levels of nesting. What is deeper than any request needs would exhaust the stack of whoever looks into it. */
const deepest = 500;

function requireShallow(text: string): void {
  if (text.length <= 2 * deepest) return;
  let depth = 0;
  let isString = false;
  for (let offset = 0; offset < text.length; offset += 1) {
    const character = text[offset];
    if (character === '"') isString = !isString;
    else if (isString && character === "\\") offset += 1;
    else if (!isString && (character === "[" || character === "{")) depth += 1;
    else if (!isString && (character === "]" || character === "}")) depth -= 1;
    if (depth > deepest) throw tooDeep(text, offset);
  }
}

function tooDeep(text: string, offset: number): AppError {
  const { line, column } = placeOf(text, offset);
  const message = `The body is nested more than ${deepest} levels deep at line ${line}, column ${column} (offset ${offset}).`;
  return new AppError("BadRequest", message, { kind: "Payload", line, column, offset, limit: deepest });
}

function malformed(text: string, error: unknown): AppError {
  const { offset, line, column } = faultPosition(text);
  const reason = error instanceof Error ? error.message.replace(/ \(line \d+ column \d+\)$/, "") : "not JSON";
  return new AppError("BadRequest", `The body is not valid JSON at line ${line}, column ${column} (offset ${offset}): ${reason}`, {
    kind: "Payload",
    line,
    column,
    offset,
  });
}

/** Lines and columns count from 1, offsets (in characters) from 0. */
function faultPosition(text: string): { offset: number; line: number; column: number } {
  let fault = text.length;
  const onError = (_code: number, offset: number) => {
    fault = Math.min(fault, offset);
  };
  visit(text, { onError }, { disallowComments: true, allowTrailingComma: false });
  return { offset: fault, ...placeOf(text, fault) };
}

function placeOf(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset).split("\n");
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}

function tooLarge(limit: number): AppError {
  return new AppError("PayloadTooLargeError", `The body is larger than ${limit} bytes.`, { limit });
}
