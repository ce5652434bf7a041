import { AppError } from "../schema/error.ts";
import { applyPatch } from "./apply-patch.ts";
import { bash } from "./bash.ts";
import { edit } from "./edit.ts";
import { glob } from "./glob.ts";
import { grep } from "./grep.ts";
import { describeInputFault } from "./input-fault.ts";
import { list } from "./list.ts";
import { limitOutput } from "./output.ts";
import { errorCode } from "./path.ts";
import { processTool } from "./process-tool.ts";
import { questionTool } from "./question.ts";
import { read } from "./read.ts";
import { createSkillTool, type SkillSource } from "./skill.ts";
import { task } from "./task.ts";
import { todoread } from "./todoread.ts";
import { todowrite } from "./todowrite.ts";
import type { Tool, ToolContext, ToolResult } from "./tool.ts";
import type { WebOptions } from "./web-request.ts";
import { createWebfetch } from "./webfetch.ts";
import { write } from "./write.ts";

export { type BackgroundCommands, createBackground } from "./background.ts";
export { captureCommand } from "./capture.ts";
export { createFileTimes } from "./file-times.ts";
export { createOwnedProcesses, type OwnedProcesses } from "./owned-processes.ts";
export { runCommand } from "./process.ts";
export { endFamily } from "./process-family.ts";
export { report as taskReport } from "./task.ts";

export interface BuiltinOptions {
  /** What the web tool may reach; the public internet unless told. */
  web?: WebOptions;
  skills?: SkillSource;
}

/** The tools that every session has, in the order in which a model is shown them. */
export function builtinTools({ web = { allowPrivate: false }, skills = noSkills }: BuiltinOptions = {}): Tool[] {
  const files = [read, write, edit, applyPatch, glob, grep, list];
  return [bash, processTool, ...files, createWebfetch(web), todowrite, todoread, questionTool, task, createSkillTool(skills)];
}

const noSkills: SkillSource = {
  get: async (name) => Promise.reject(new AppError("NotFoundError", `There is no skill ${JSON.stringify(name)}.`, { name })),
};

/**
 * Runs one call: validates the model's input, executes, and keeps the output within `context.output` (the full text goes
 * to a file there). `metadata.truncated` is always set in the result. Throws AppError BadRequest that names the faulty
 * field, the tool's own AppError, or the signal's reason on abort.
 */
export async function runTool(tool: Tool, input: unknown, context: ToolContext): Promise<ToolResult> {
  const parsed = tool.input.safeParse(tool.schema ? input : withoutNulls(input));
  if (!parsed.success) throw new AppError("BadRequest", describeInputFault(tool, input, parsed.error), { tool: tool.id });
  context.signal.throwIfAborted();
  const result = await execute(tool, parsed.data, context);
  if (!tool.limitsOutput) return limitOutput(result, context);
  return { ...result, metadata: { truncated: false, ...result.metadata } };
}

async function execute(tool: Tool, input: unknown, context: ToolContext): Promise<ToolResult> {
  try {
    return await tool.execute(input, context);
  } catch (error) {
    if (isCancelled(error)) throw error;
    context.signal.throwIfAborted();
    // The system's own words (no space, no rights, too many files) are what the model can act on.
    if (error instanceof AppError || errorCode(error) === undefined) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new AppError("BadRequest", `The ${tool.id} tool could not do this: ${reason}`, { tool: tool.id }, { cause: error });
  }
}

/** A tool that has words of its own for having been stopped. */
function isCancelled(error: unknown): boolean {
  return error instanceof AppError && error.data.cancelled === true;
}

/** Models write `null` for an optional field they leave out. */
function withoutNulls(input: unknown): unknown {
  if (typeof input !== "object" || input === null || Array.isArray(input)) return input;
  return Object.fromEntries(Object.entries(input).filter(([, value]) => value !== null));
}
