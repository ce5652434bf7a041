import type { AssistantMessage, Part } from "../../client/client.ts";
import type { Entry } from "../conversation.ts";
import { type Canvas, renderMarkdown } from "../markdown.ts";
import { clean, cleanLine, tail, wrap } from "../text.ts";
import { toolCard } from "./tool.ts";

export interface MessageCanvas extends Canvas {
  details: boolean;
}

const thoughtLines = 3;

/** A message as lines; none for one that says nothing. */
export function messageLines(entry: Entry, canvas: MessageCanvas): string[] {
  return entry.info.role === "user" ? promptLines(entry, canvas) : answerLines(entry, entry.info, canvas);
}

function promptLines({ parts }: Entry, { width, theme }: MessageCanvas): string[] {
  const texts = parts.flatMap((part) => {
    if (part.type === "text" && !part.synthetic && !part.ignored) return clean(part.text).trimEnd();
    if (part.type === "file") return `[${cleanLine(part.filename ?? part.mime)}]`;
    return part.type === "compaction" ? "[summary of the session]" : [];
  });
  return texts
    .flatMap((text) => text.split("\n"))
    .flatMap((line) => wrap(line, width - 2))
    .map((line) => theme.accent("▌ ") + theme.bold(line));
}

function answerLines({ parts }: Entry, info: AssistantMessage, canvas: MessageCanvas): string[] {
  const drawn = parts.map((part) => partLines(part, canvas)).filter((lines) => lines.length > 0);
  const lines = drawn.flatMap((part, index) => (index === 0 ? part : ["", ...part]));
  const end = ending(info, canvas);
  return lines.length > 0 && end.length > 0 ? [...lines, "", ...end] : [...lines, ...end];
}

function partLines(part: Part, canvas: MessageCanvas): string[] {
  const { width, theme, details } = canvas;
  const note = (text: string) => wrap(cleanLine(text), width).map(theme.dim);
  switch (part.type) {
    case "text":
      return part.ignored || part.text.trim() === "" ? [] : renderMarkdown(part.text, canvas);
    case "reasoning": {
      const thought = clean(part.text).trim();
      const lines = thought === "" ? [] : thought.split("\n").flatMap((line) => wrap(line, width - 2));
      return tail(lines, details ? 10_000 : thoughtLines).lines.map((line) => theme.dim(`· ${theme.italic(line)}`));
    }
    case "tool":
      return toolCard(part, canvas);
    case "file":
      return note(`[${part.filename ?? part.mime}]`);
    case "subtask":
      return note(`@${part.agent}: ${part.description}`);
    case "agent":
      return note(`@${part.name}`);
    case "retry":
      return note(`Attempt ${part.attempt} failed: ${part.error.data.message}`);
    default:
      return [];
  }
}

/** Who answered and how long it took, or why it did not. */
function ending({ agent, providerID, modelID, time, error, finish }: AssistantMessage, { width, theme }: MessageCanvas): string[] {
  if (error?.name === "MessageAbortedError") return [theme.warning("■ Interrupted")];
  if (error) return wrap(cleanLine(`✗ ${error.data.message ?? error.name}`), width).map(theme.bad);
  if (time.completed === undefined || finish === "tool-calls") return [];
  const seconds = ((time.completed - time.created) / 1000).toFixed(1);
  return wrap(cleanLine(`▣ ${agent} · ${providerID}/${modelID} · ${seconds} s`), width).map(theme.dim);
}
