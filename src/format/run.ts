import { stripVTControlCharacters } from "node:util";
import type { Programs } from "../program/program.ts";
import type { runCommand } from "../tool/registry.ts";
import type { Plan } from "./plan.ts";

export interface RunOptions {
  file: string;
  signal: AbortSignal;
  timeout: number;
  environment: NodeJS.ProcessEnv;
  programs: Programs;
  runCommand: typeof runCommand;
}

/** Characters of a failed formatter's output that are passed on. */
const quoted = 1_000;

/** Runs a formatter; what went wrong, if anything did. */
export async function run(plan: Plan, options: RunOptions): Promise<{ message: string; timedOut: boolean } | undefined> {
  const { file, signal, timeout, environment } = options;
  let output = "";
  try {
    const [program = "", ...args] = await plan.command(file);
    const end = await options.runCommand({
      ...options.programs.invocation(program, args),
      directory: plan.directory,
      environment: { ...environment, ...plan.environment },
      timeout,
      signal,
      onOutput(chunk) {
        if (output.length < quoted) output += chunk.toString("utf8");
      },
    });
    if (end.timedOut) return { message: `it was stopped after ${timeout / 1000} s`, timedOut: true };
    if (end.exit === 0) return undefined;
    return { message: `it ended with ${end.killedBy ?? `exit code ${end.exit}`}${said(output)}`, timedOut: false };
  } catch (error) {
    if (signal.aborted) return { message: "it was stopped", timedOut: false };
    return { message: error instanceof Error ? error.message : String(error), timedOut: false };
  }
}

function said(output: string): string {
  const text = stripVTControlCharacters(output).trim().slice(0, quoted);
  return text === "" ? "" : `: ${text}`;
}
