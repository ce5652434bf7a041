import type { ModelMessage } from "ai";
import { estimateTokens } from "./context-limit.ts";

/** What is left of a tool's output when a conversation has to become shorter, in characters. */
const shortOutput = 2_000;

/**
 * A conversation that fits: files become their names, long tool outputs their beginning, and then the oldest messages go until the rest is
 * within `limit` tokens (undefined: unknown, half of it goes). `gentle`: nothing is touched while it fits.
 */
export function shorten(messages: ModelMessage[], { limit, gentle }: { limit: number | undefined; gentle: boolean }): ModelMessage[] {
  const target = limit ?? Math.floor(estimateTokens(messages) / 2);
  if (gentle && estimateTokens(messages) <= target) return messages;
  const short = messages.map(shortenMessage);
  while (short.length > 1 && estimateTokens(short) > target) short.splice(0, nextStart(short));
  return short;
}

/** How many messages make up the oldest exchange that can go without leaving a tool's result without its call. */
function nextStart(messages: ModelMessage[]): number {
  const next = messages.findIndex((message, index) => index > 0 && message.role !== "tool");
  return next === -1 ? messages.length - 1 : next;
}

function shortenMessage(message: ModelMessage): ModelMessage {
  if (message.role === "tool") {
    const content = message.content.map((part) => {
      if (part.type !== "tool-result" || part.output.type !== "text") return part;
      return { ...part, output: { ...part.output, value: cut(part.output.value) } };
    });
    return { ...message, content };
  }
  if (message.role !== "user" || typeof message.content === "string") return message;
  const content = message.content.map((part) =>
    part.type === "text" ? part : { type: "text" as const, text: "[a file was attached here]" },
  );
  return { ...message, content };
}

function cut(text: string): string {
  return text.length <= shortOutput ? text : `${text.slice(0, shortOutput)}\n[… ${text.length - shortOutput} more characters]`;
}
