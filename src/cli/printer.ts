import type { AssistantMessage, MessageError } from "../schema/message.ts";
import type { Part, TextPart, ToolPart } from "../schema/part.ts";
import { oneLine } from "./failure.ts";
import { harmless } from "./print.ts";
import type { Printer } from "./turn.ts";

export interface Outputs {
  /** Data: the answer. */
  stdout: { write(text: string): unknown };
  /** Talk: what is being done. */
  stderr: { write(text: string): unknown };
  /** Both go to one screen: a line of talk must not land inside a line of the answer. */
  shared?: boolean;
  /** Talk is dimmed. */
  colour?: boolean;
}

/** The answer's text as it comes; tools and notices as short lines on stderr. */
export function textPrinter({ stdout, stderr, shared, colour }: Outputs): Printer {
  const printed = new Map<string, number>();
  const shown = new Set<string>();
  let current = "";
  let lineOpen = false;

  function write(partID: string, text: string): void {
    if (text === "") return;
    if (partID !== current) closeLine();
    current = partID;
    // Piped, it is the model's own words; a screen is not to be driven by them.
    stdout.write(shared ? harmless(text) : text);
    printed.set(partID, (printed.get(partID) ?? 0) + text.length);
    lineOpen = !text.endsWith("\n");
  }

  function closeLine(): void {
    if (lineOpen) stdout.write("\n");
    lineOpen = false;
  }

  function talk(line: string): void {
    if (shared) closeLine();
    const said = harmless(oneLine(line));
    stderr.write(colour ? `\u001b[2m${said}\u001b[22m\n` : `${said}\n`);
  }

  function text(part: TextPart): void {
    if (part.ignored) return;
    // A snapshot holds every delta before it: only what is beyond the printed length is new.
    const length = printed.get(part.id) ?? 0;
    printed.set(part.id, length);
    write(part.id, part.text.slice(length));
  }

  function tool(part: ToolPart): void {
    const line = toolLine(part);
    const key = `${part.id} ${part.state.status === "error"}`;
    if (line === undefined || shown.has(key)) return;
    shown.add(key);
    talk(line);
  }

  return {
    started: (message) => talk(header(message)),
    part(part) {
      if (part.type === "text") text(part);
      if (part.type === "tool") tool(part);
    },
    delta(partID, delta) {
      if (printed.has(partID)) write(partID, delta);
    },
    notice: talk,
    // The command ends with the error's line; it is not said twice.
    error: () => undefined,
    end: closeLine,
  };
}

/** One JSON event a line: `{ type, timestamp, sessionID, part | error }`, the types of OpenCode's `run --format json`. */
export function jsonPrinter({ stdout, stderr }: Outputs): Printer {
  const emitted = new Set<string>();

  function emit(type: string, sessionID: string, data: { part: Part } | { error: MessageError }): void {
    stdout.write(`${JSON.stringify({ type, timestamp: Date.now(), sessionID, ...data })}\n`);
  }

  return {
    started: () => undefined,
    part(part) {
      const type = finishedType(part);
      if (type === undefined || emitted.has(part.id)) return;
      emitted.add(part.id);
      emit(type, part.sessionID, { part });
    },
    delta: () => undefined,
    notice: (text) => stderr.write(`${oneLine(text)}\n`),
    error: (error, sessionID) => emit("error", sessionID, { error }),
    end: () => undefined,
  };
}

/** The event a part is told as once it will not change any more. */
function finishedType(part: Part): string | undefined {
  if (part.type === "text") return part.time?.end === undefined ? undefined : "text";
  if (part.type === "tool") return part.state.status === "completed" || part.state.status === "error" ? "tool_use" : undefined;
  if (part.type === "step-start") return "step_start";
  if (part.type === "step-finish") return "step_finish";
  return undefined;
}

const header = (message: AssistantMessage): string => `> ${message.agent} · ${message.providerID}/${message.modelID}`;

function toolLine({ tool, state }: ToolPart): string | undefined {
  if (state.status === "pending") return undefined;
  if (state.status === "error") return `✗ ${tool}: ${shorten(state.error)}`;
  return `| ${tool} ${shorten(subject(state.input) ?? state.title ?? "")}`.trimEnd();
}

/** What a call is about: the first of its inputs that says so. */
function subject(input: Record<string, unknown>): string | undefined {
  for (const key of ["command", "filePath", "path", "pattern", "url", "description", "query"]) {
    const value = input[key];
    if (typeof value === "string" && value !== "") return value;
  }
  return undefined;
}

function shorten(text: string): string {
  const line = oneLine(text);
  return line.length > 120 ? `${line.slice(0, 119)}…` : line;
}
