import { setTimeout as delay } from "node:timers/promises";
import { z } from "zod";
import { AppError } from "../schema/error.ts";
import type { BackgroundCommand } from "./background.ts";
import { commandsOf, describeState, describeUnread } from "./bash-background.ts";
import description from "./process.md";
import { defineTool, type ToolContext, type ToolResult } from "./tool.ts";

const longestWait = 120;

const input = z.object({
  action: z.enum(["list", "output", "stop"]).describe("What to do"),
  id: z.string().min(1).optional().describe("The command's id, for output and stop"),
  wait: z
    .number()
    .positive()
    .max(longestWait)
    .optional()
    .describe(`For output: wait so many seconds for something new (at most ${longestWait})`),
});

export const processTool = defineTool({
  id: "process",
  description,
  input,
  repeatable: true,
  limitsOutput: true,
  async execute({ action, id, wait }, context): Promise<ToolResult> {
    if (action === "list") return listed(commandsOf(context).list());
    if (id === undefined) throw new AppError("BadRequest", `id: name the command; action "list" shows them.`);
    const command = commandsOf(context).get(id);
    if (action === "stop") await command.stop();
    else if (wait !== undefined) await untilNews(command, wait, context);
    const lines = [`${id}: ${command.command}`, `${describeState(command)}.`, "", ...describeUnread(command, context.output)];
    return { title: command.command, output: lines.join("\n"), metadata: { background: id, running: command.end() === undefined } };
  },
});

function listed(commands: BackgroundCommand[]): ToolResult {
  const lines = commands.map((command) => `${command.id}: ${command.command}\n  ${describeState(command)}.`);
  const output = lines.length === 0 ? "No command was started in the background." : lines.join("\n");
  return { title: `${commands.length} commands`, output, metadata: { count: commands.length } };
}

/** Returns at once if something is there that was not shown yet. */
async function untilNews(command: BackgroundCommand, seconds: number, { signal }: ToolContext): Promise<void> {
  if (command.hasUnread() || command.end() !== undefined) return;
  const over = new AbortController();
  const limit = delay(seconds * 1000, undefined, { signal: AbortSignal.any([signal, over.signal]), ref: false });
  limit.catch(() => {});
  try {
    await Promise.race([command.changed(), limit]);
  } finally {
    over.abort();
  }
}
