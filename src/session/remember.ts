import type { Statement } from "../../db/client.ts";
import { withParts } from "../../db/queries/message.ts";
import { type MemoryCall, type MemoryCommand, memoryLine, parseCall } from "../memory/memory.ts";
import { AppError } from "../schema/error.ts";
import { createId } from "../schema/id.ts";
import type { UserMessage } from "../schema/message.ts";
import type { PartInput } from "../schema/prompt.ts";
import type { Session } from "../schema/session.ts";
import type { SessionOptions } from "./options.ts";
import type { Recorder } from "./recorder.ts";
import type { Workspace } from "./workspace.ts";

type TextInput = Extract<PartInput, { type: "text" }>;

export interface Remembered {
  /** The parts, and behind them what the lines came to, for the model to read. */
  parts: PartInput[];
  /** What is to be stored, in the commit that takes in the prompt. */
  writes: Statement[];
  /** There is nothing else in the prompt: no model need answer it. */
  only: boolean;
}

/**
 * Lines of a prompt that begin with `/remember` or `/recall` (unless the user has a command of that name) do what they say; the prompt
 * stays as it is, and what they came to is a synthetic text behind it. A line that makes no sense stores nothing, and the text says so.
 */
export async function withMemory(
  { memories }: SessionOptions,
  { session, workspace }: { session: Session; workspace: Workspace },
  parts: PartInput[],
): Promise<Remembered> {
  const found = parts.flatMap((part): Line[] => (isSaid(part) ? linesOf(part) : [{ text: part.type }]));
  const called = found.filter(({ call }) => call !== undefined && workspace.commands.action(call.command) !== undefined);
  if (called.length === 0) return { parts, writes: [], only: false };
  const texts: string[] = [];
  const calls: MemoryCall[] = [];
  for (const { call } of called) if (call) calls.push(...parsed(call, texts));
  const performed = await memories.perform(session, calls);
  const only = found.every((line) => called.includes(line) || line.text.trim() === "");
  const note: TextInput = {
    type: "text",
    synthetic: true,
    text: [...performed.texts, ...texts].join("\n\n"),
    metadata: { [noteKey]: only ? "answer" : "note" },
  };
  return { parts: [...parts, note], writes: performed.writes, only };
}

const noteKey = "memory";
const callKey = "command";

/** One text that is a call as a whole, however many lines it has. Throws BadRequest for arguments that make no sense. */
export function memoryPrompt(command: MemoryCommand, given: string): PartInput[] {
  parseCall(command, given);
  return [{ type: "text", text: `/${command} ${given}`.trim(), metadata: { [callKey]: command } }];
}

/** Whether a prompt only asks to remember or recall. */
export async function needsNoModel(options: SessionOptions, question: UserMessage): Promise<boolean> {
  return (await answerOf(options, question)) !== undefined;
}

async function answerOf({ database }: SessionOptions, question: UserMessage): Promise<string | undefined> {
  const [message] = await withParts(database.orm, [question]);
  const note = message?.parts.find((part) => part.type === "text" && part.synthetic && part.metadata?.[noteKey] === "answer");
  return note?.type === "text" ? note.text : undefined;
}

/** Answers a prompt that only asks to remember or recall. False, and nothing done, for any other. */
export async function answerFromMemory(options: SessionOptions, question: UserMessage, recorder: () => Recorder): Promise<boolean> {
  const text = await answerOf(options, question);
  if (text === undefined) return false;
  const tokens = { input: 0, output: 0, reasoning: 0, cache: { read: 0, write: 0 } };
  const id = createId("part");
  const answer = recorder();
  await answer.record({ type: "step" });
  await answer.record({ type: "step-start" });
  await answer.record({ type: "text-start", id });
  await answer.record({ type: "text-end", id, text });
  await answer.record({ type: "step-finish", reason: "stop", tokens, cost: 0 });
  await answer.record({ type: "turn-finish", reason: "stop" });
  return true;
}

interface Line {
  text: string;
  call?: { command: MemoryCommand; given: string };
}

function isSaid(part: PartInput): part is TextInput {
  return part.type === "text" && !part.synthetic && !part.ignored;
}

/** Lines between code fences are quoted, not said. */
function linesOf({ text, metadata }: TextInput): Line[] {
  const command = metadata?.[callKey];
  if (command === "remember" || command === "recall")
    return [{ text, call: { command, given: text.replace(new RegExp(`^\\s*/${command}\\s*`), "") } }];
  let fenced = false;
  return text.split("\n").map((line) => {
    if (/^\s{0,3}(```|~~~)/.test(line)) fenced = !fenced;
    return { text: line, call: fenced ? undefined : memoryLine(line) };
  });
}

function parsed({ command, given }: NonNullable<Line["call"]>, texts: string[]): MemoryCall[] {
  try {
    return [parseCall(command, given)];
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    texts.push(error.message);
    return [];
  }
}
