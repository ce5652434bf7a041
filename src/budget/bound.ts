import type { ModelMessage } from "ai";
import type { TurnTool } from "../agent/turn.ts";

/** What is about to be sent. */
export interface Measured {
  /** Of all text: the system prompt, the conversation, the tools' descriptions and schemas. */
  bytes: number;
  /** Tokens that files come to, which no text stands for. */
  files: number;
}

/** An image is scaled down before it is looked at: few models make more tokens of one. */
const image = 5_000;

export function measure(call: { system: string; messages: ModelMessage[]; tools: TurnTool[] }): Measured {
  let files = 0;
  const tools = call.tools.map(({ name, description, schema }) => ({ name, description, schema }));
  // As JSON it is longer than what any provider makes of it: the names, quotes and braces pay for what stands between the messages there.
  const text = JSON.stringify({ system: call.system, messages: call.messages, tools }, function (this: unknown, key, value) {
    const mime = key === "data" || key === "image" ? mimeOf(this) : undefined;
    if (mime === undefined) return value;
    files += mime.startsWith("image/") ? image : sizeOf(value);
    return undefined;
  });
  return { bytes: Buffer.byteLength(text), files };
}

/**
 * The most tokens the request can be counted as. Tokenizers work on bytes: none makes more than one token of a byte. What the provider has
 * counted before is known exactly, so of a conversation that goes on only what was added is taken at that rate.
 */
export function inputBound({ bytes, files }: Measured, known: { bytes: number; input: number } | undefined): number {
  const all = bytes + files;
  if (known === undefined) return all;
  return Math.min(all, known.input + Math.max(0, all - known.bytes));
}

/** About what a request comes to when nobody has counted it: four bytes a token. */
export function inputEstimate(measured: Measured, bound: number): number {
  return Math.min(bound, Math.ceil(measured.bytes / 4) + measured.files);
}

/** What a message's part holds, if it is a file; a tool's input may have the same keys and is text. */
function mimeOf(part: unknown): string | undefined {
  if (typeof part !== "object" || part === null || !("type" in part)) return undefined;
  if ("mediaType" in part && typeof part.mediaType === "string") return part.mediaType;
  return part.type === "image" ? "image/*" : undefined;
}

function sizeOf(value: unknown): number {
  if (typeof value === "string") return value.length;
  if (value instanceof Uint8Array) return value.byteLength;
  return JSON.stringify(value ?? "").length;
}
