import type { LanguageModelV4CallOptions, LanguageModelV4Message, LanguageModelV4Prompt } from "@ai-sdk/provider";
import { about, oneLine } from "./answer.ts";
import { isTitleAgent, told } from "./conversation.ts";

const heading = "What was asked and done so far, as the offline guide (not an AI) finds it in the conversation:";
const leftOut = "- … earlier requests are left out";
const asksForHandover = /\b(?:write|create|give|make)\b.{0,40}\b(?:handover|summary)\b/i;
/** Characters; what came last is kept. */
const longest = 8_000;

/**
 * The requests of the conversation with what was done for each, when that is what is asked for (compaction, which offers no tools), else undefined.
 * An earlier handover is taken over line by line.
 */
export function handover(options: LanguageModelV4CallOptions): string | undefined {
  const { prompt, tools = [] } = options;
  const request = prompt.findLastIndex(({ role }) => role === "user");
  if (tools.length > 0 || isTitleAgent(prompt) || !asksForHandover.test(textOf(prompt[request]))) return undefined;
  const found = exchanges(prompt.slice(0, Math.max(request, 0)));
  // What nothing answered is the wish for the handover itself, or is asked again after it.
  const answered = found.at(-1)?.length === 1 ? found.slice(0, -1) : found;
  return [heading, "", ...newest(answered.flatMap(described))].join("\n");
}

/** A user message with what followed it. */
function exchanges(prompt: LanguageModelV4Prompt): LanguageModelV4Message[][] {
  const found: LanguageModelV4Message[][] = [];
  for (const message of prompt) {
    if (message.role === "system") continue;
    if (message.role === "user" || found.length === 0) found.push([]);
    found.at(-1)?.push(message);
  }
  return found;
}

function described(exchange: LanguageModelV4Message[]): string[] {
  const before = exchange.map(textOf).find((text) => text.startsWith(heading));
  if (before !== undefined) return before.split("\n").filter((line) => /^ *- /.test(line) && line !== leftOut);
  const asked = exchange.filter(({ role }) => role === "user").map(textOf);
  const answer = textOf(exchange.findLast(({ role }) => role === "assistant"));
  // What the guide itself answered only shows what the tools gave.
  const said = answer === "" || answer.endsWith(about) ? [] : [`  - answered: ${oneLine(answer, 300)}`];
  return [`- ${oneLine(asked.join(" "), 300) || "(no text)"}`, ...calls(exchange), ...said];
}

function calls(exchange: LanguageModelV4Message[]): string[] {
  const outcomes = new Map(
    exchange.flatMap((message) =>
      message.role === "tool"
        ? message.content.flatMap((part) => (part.type === "tool-result" ? [[part.toolCallId, told(part.output)] as const] : []))
        : [],
    ),
  );
  return exchange.flatMap((message) => {
    if (message.role !== "assistant") return [];
    return message.content.flatMap((part) => {
      if (part.type !== "tool-call") return [];
      const outcome = outcomes.get(part.toolCallId);
      const failure = outcome?.failed ? ` failed: ${oneLine(outcome.text, 200)}` : "";
      return [`  - ${[part.toolName, subject(part.input)].join(" ").trim()}${failure}`];
    });
  });
}

/** The first text in a tool's input mostly says what it was about: a path, a command, an address. */
function subject(input: unknown): string {
  const texts = typeof input === "object" && input !== null ? Object.values(input).filter((value) => typeof value === "string") : [];
  return texts[0] === undefined ? "" : `\`${oneLine(texts[0], 160)}\``;
}

function textOf(message: LanguageModelV4Message | undefined): string {
  if (message?.role !== "user" && message?.role !== "assistant") return "";
  return message.content.flatMap((part) => (part.type === "text" ? [part.text] : [])).join("\n");
}

function newest(entries: string[]): string[] {
  let size = 0;
  const first = entries.findLastIndex((line) => {
    size += line.length + 1;
    return size > longest;
  });
  if (first === -1) return entries;
  const kept = entries.slice(first + 1);
  // A call without its request would say little.
  return [
    leftOut,
    ...kept.slice(
      Math.max(
        kept.findIndex((line) => line.startsWith("- ")),
        0,
      ),
    ),
  ];
}
