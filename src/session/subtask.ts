import { withParts } from "../../db/queries/message.ts";
import { createId } from "../schema/id.ts";
import type { UserMessage } from "../schema/message.ts";
import type { SubtaskPart } from "../schema/part.ts";
import { taskReport } from "../tool/registry.ts";
import type { SessionOptions } from "./options.ts";
import type { Recorder } from "./recorder.ts";
import type { TurnInput } from "./turn-input.ts";

/**
 * Runs the subtask parts of a prompt, side by side, before a model is asked: on record they are one assistant message whose tool calls
 * are tasks. Nothing happens for a prompt without any.
 */
export async function runSubtasks(options: SessionOptions, input: TurnInput, recorder: Recorder): Promise<void> {
  const { question, signal } = input;
  const subtasks = await subtasksOf(options, question);
  if (subtasks.length === 0 || signal.aborted) return;
  await recorder.record({ type: "step" });
  await Promise.all(subtasks.map((part) => runSubtask(options, input, { part, recorder })));
  const tokens = { input: 0, output: 0, reasoning: 0, cache: { read: 0, write: 0 } };
  await recorder.record({ type: "step-finish", reason: "tool-calls", tokens, cost: 0 });
}

async function subtasksOf({ database }: SessionOptions, question: UserMessage): Promise<SubtaskPart[]> {
  const [message] = await withParts(database.orm, [question]);
  return message?.parts.filter((part) => part.type === "subtask") ?? [];
}

async function runSubtask(
  options: SessionOptions,
  { session, question, signal }: TurnInput,
  { part, recorder }: { part: SubtaskPart; recorder: Recorder },
): Promise<void> {
  const { description, prompt, agent: name, model, command } = part;
  const callID = createId("tool");
  const tool = "task";
  const input = { description, prompt, subagent_type: name, ...(command === undefined ? {} : { command }) };
  await recorder.record({ type: "tool-pending", callID, tool });
  await recorder.record({ type: "tool-running", callID, tool, input });
  let metadata: Record<string, unknown> | undefined;
  const show = (live: Record<string, unknown>): void => {
    metadata = live;
    // Live state is told at once and not waited for.
    recorder.record({ type: "tool-progress", callID, title: description, metadata: live }).catch((error) => options.onError?.(error));
  };
  try {
    const workspace = await options.workspace(session.directory);
    const agent = await workspace.agents.get(question.agent);
    if (options.tasks === undefined) throw new Error("Sub-agents are not set up.");
    const result = await options.tasks.run({
      session,
      agent,
      question,
      request: { description, prompt, agent: name, model },
      signal,
      show,
    });
    const output = taskReport(result.metadata.sessionId, result.text);
    const completed = { title: description, output, metadata: { ...result.metadata, truncated: false } };
    await recorder.record({ type: "tool-completed", callID, tool, input, ...completed });
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    const interrupted = signal.aborted ? { interrupted: true } : {};
    await recorder.record({ type: "tool-error", callID, tool, input, error: text, metadata: { ...metadata, ...interrupted } });
  }
}
