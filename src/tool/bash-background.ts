import { setTimeout as delay } from "node:timers/promises";
import { AppError } from "../schema/error.ts";
import type { BackgroundCommand, SessionCommands } from "./background.ts";
import { shellCommand } from "./shell.ts";
import type { ToolContext, ToolResult } from "./tool.ts";

/** Milliseconds in which a command that cannot work has usually said so. */
const firstLook = 200;

/** Starts a command line in the background and tells its first words, or its end if it ended at once. */
export async function startInBackground(
  command: string,
  { directory, timeout }: { directory: string; timeout: number | undefined },
  context: ToolContext,
): Promise<ToolResult> {
  const { environment, output } = context;
  const started = commandsOf(context).start(command, { ...shellCommand(command, environment), directory, environment, timeout, output });
  await Promise.race([started.ended, delay(firstLook, undefined, { ref: false })]);
  const state = describeState(started);
  const text = [`Started in the background as ${started.id}. ${state}.`, "", ...describeUnread(started, output)].join("\n").trimEnd();
  return { title: command, output: text, metadata: { background: started.id, truncated: false } };
}

/** `It runs`, or how it ended. */
export function describeState(command: BackgroundCommand): string {
  const end = command.end();
  if (end === undefined) return `It runs, for ${Math.round((Date.now() - command.started) / 1000)} s`;
  if ("failed" in end) return `It failed: ${end.failed}`;
  if (end.timedOut) return "It was stopped at its time limit";
  return end.killedBy ? `It was ended by ${end.killedBy}` : `It ended with exit code ${end.exit}`;
}

/** The output that was not shown yet, within the call's limits, and where all of it is. */
export function describeUnread(command: BackgroundCommand, { maxBytes, maxLines }: ToolContext["output"]): string[] {
  const { text, skipped } = command.unread(maxBytes);
  const file = command.file();
  if (text === "") return [file ? `(No new output. All of it is in ${file}.)` : "(No output yet.)"];
  const shown = text.trimEnd().split("\n").slice(-maxLines).join("\n");
  const left = skipped + Buffer.byteLength(text.trimEnd()) - Buffer.byteLength(shown);
  return [...(left > 0 ? [`(${left} bytes before this are left out.)`] : []), shown, "", `(All of the output is in ${file}.)`];
}

/** Where background commands are kept. Throws AppError where nothing may outlive a call. */
export function commandsOf({ background }: ToolContext): SessionCommands {
  if (background) return background;
  throw new AppError("BadRequest", "Commands cannot be started in the background here.");
}
