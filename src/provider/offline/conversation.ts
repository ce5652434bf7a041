import type { LanguageModelV4CallOptions, LanguageModelV4Prompt, LanguageModelV4ToolResultOutput } from "@ai-sdk/provider";
import { type Parsed, parse } from "./grammar.ts";

/** What one tool call of the current prompt gave back. */
export interface Outcome {
  tool: string;
  text: string;
  failed: boolean;
}

/** The last user message as steps. A message may carry more than what was typed (files, reminders): the first part that parses wins. */
export function command(prompt: LanguageModelV4Prompt): Parsed {
  const texts = (userTexts(prompt).at(-1) ?? []).map(unquoted);
  const whole = parse(texts.join("\n"));
  if ("steps" in whole) return whole;
  return texts.map(parse).find((parsed) => "steps" in parsed) ?? whole;
}

/** `opencode run` sends an argument that has blanks in double quotes. A step never begins with one. */
function unquoted(text: string): string {
  const [, inner] = /^\s*"((?:[^"\\]|\\.)*)"\s*$/s.exec(text) ?? [];
  return inner === undefined ? text : inner.replaceAll('\\"', '"');
}

/** What the tools answered since the last user message, in order: this is all the guide knows of where it is. */
export function outcomes(prompt: LanguageModelV4Prompt): Outcome[] {
  const start = prompt.findLastIndex((message) => message.role === "user");
  return prompt.slice(start + 1).flatMap((message) => {
    if (message.role !== "tool") return [];
    return message.content.filter((part) => part.type === "tool-result").map((part) => ({ tool: part.toolName, ...told(part.output) }));
  });
}

export function told(output: LanguageModelV4ToolResultOutput): { text: string; failed: boolean } {
  switch (output.type) {
    case "text":
      return { text: output.value, failed: false };
    case "error-text":
      return { text: output.value, failed: true };
    case "json":
      return { text: JSON.stringify(output.value, null, 2), failed: false };
    case "error-json":
      return { text: JSON.stringify(output.value), failed: true };
    case "execution-denied":
      return { text: output.reason ?? "The call was not allowed.", failed: true };
    case "content":
      return { text: output.value.map((part) => (part.type === "text" ? part.text : `[${part.type}]`)).join("\n"), failed: false };
  }
}

/** The texts of each user message, those without text left out. */
function userTexts(prompt: LanguageModelV4Prompt): string[][] {
  const messages = prompt.filter((message) => message.role === "user");
  return messages
    .map((message) => message.content.flatMap((part) => (part.type === "text" ? [part.text] : [])))
    .filter((texts) => texts.length > 0);
}

/** Its prompt says early what it is for. */
export function isTitleAgent(prompt: LanguageModelV4Prompt): boolean {
  return /\btitle\b/i.test(prompt.find((message) => message.role === "system")?.content.slice(0, 300) ?? "");
}

const asksForTitle = /\b(?:generate|write|create|give|make|need)\b.{0,40}\btitle\b/i;

/** The first words of the conversation when the request asks for its title, else undefined. The title agent has no tools. */
export function title(options: LanguageModelV4CallOptions): string | undefined {
  if ((options.tools?.length ?? 0) > 0 || options.prompt.some((message) => message.role === "tool")) return undefined;
  const lines = userTexts(options.prompt).flat().join("\n").split("\n");
  const request = lines.filter((line) => asksForTitle.test(line));
  if (!isTitleAgent(options.prompt) && request.length === 0) return undefined;
  const words = lines
    .filter((line) => !request.includes(line))
    .join(" ")
    .split(/\s+/)
    .filter((word) => word !== "");
  return shortened(words) || "New session";
}

function shortened(words: string[]): string {
  const kept: string[] = [];
  for (const word of words.slice(0, 8)) {
    if ([...kept, word].join(" ").length > 50) break;
    kept.push(word);
  }
  return kept.length === 0 ? (words[0] ?? "").slice(0, 50) : kept.join(" ");
}
