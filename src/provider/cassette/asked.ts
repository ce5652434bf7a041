import type { LanguageModelV4CallOptions } from "@ai-sdk/provider";
import { publicOptions } from "../redact.ts";
import { digest, mapTexts } from "./deep.ts";
import { hashOf } from "./file.ts";
import type { Asked } from "./line.ts";
import { anywhere, createNames, type Names, type Namings, steady } from "./names.ts";

/** A request as a cassette knows it. */
export interface Request {
  hash: string;
  asked: Asked;
  /** The messages of its prompt by their hashes. */
  messages: Map<string, unknown>;
  /** A call that is no part of a turn. */
  aside: boolean;
  names: Names;
}

/** Base64 from this length on is the content of a file. */
const longText = 1_000;

/** Headers and keys are not looked at at all; the longest answer is not either, since it is what a budget happened to leave. */
export function readRequest(model: string, options: LanguageModelV4CallOptions, namings: Namings): Request {
  const names = createNames(namings);
  const messages = new Map<string, unknown>();
  const prompt = options.prompt.map((message) => {
    const clean = message.role === "tool" ? (text: string) => steady(names.put(text)) : message.role === "system" ? systemText : names.put;
    const value = withoutFiles(mapTexts(message, clean));
    const hash = hashOf(JSON.stringify(value));
    messages.set(hash, value);
    return hash;
  });
  function systemText(text: string): string {
    return anywhere(names.put(text));
  }
  const tools = (options.tools ?? []).map((tool) => [tool.name, hashOf(JSON.stringify(mapTexts(tool, names.put)))] as const);
  const { temperature, topP, topK, seed, stopSequences, toolChoice, responseFormat, reasoning, providerOptions = {} } = options;
  const settings = { temperature, topP, topK, seed, stopSequences, toolChoice, responseFormat, reasoning };
  const shown = { ...settings, providerOptions: publicOptions(providerOptions, undefined) };
  const asked = { model, tools: Object.fromEntries(tools), settings: mapTexts(shown, names.put) as Record<string, unknown>, prompt };
  return { hash: hashOf(JSON.stringify(asked)), asked, messages, aside: options.headers?.["x-session-id"] === undefined, names };
}

function withoutFiles(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutFiles);
  if (typeof value !== "object" || value === null) return value;
  const isFile = "mediaType" in value || ("type" in value && value.type === "data");
  return Object.fromEntries(
    Object.entries(value).map(([key, entry]) => {
      const content = isFile && key === "data" && typeof entry === "string" && entry.length > longText;
      return [key, content ? digest(Buffer.from(entry, "utf8")) : withoutFiles(entry)];
    }),
  );
}
