import type { ToolContext } from "./tool.ts";

/** Does work that changes or removes the files (absolute, links followed), on record where somebody keeps one. */
export function recorded<Result>(context: ToolContext, files: string[], work: () => Promise<Result>): Promise<Result> {
  return context.recording ? context.recording(files, work) : work();
}
