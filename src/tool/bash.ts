import { stat } from "node:fs/promises";
import { z } from "zod";
import { AppError } from "../schema/error.ts";
import description from "./bash.md";
import { startInBackground } from "./bash-background.ts";
import { cutNote } from "./output.ts";
import { enterPath, enterPaths } from "./path.ts";
import { type CommandEnd, runCommand } from "./process.ts";
import { shellCommand } from "./shell.ts";
import { commandPatterns } from "./shell-words.ts";
import { createSpool, type Spool, type SpoolEnd } from "./spool.ts";
import { defineTool, type ToolContext, type ToolResult } from "./tool.ts";

const defaultTimeout = 120_000;
const maximumTimeout = 600_000;
/** What watchers of the running command see of its output, in bytes. */
const liveBytes = 30 * 1024;
/** Milliseconds between two looks for watchers. */
const liveEvery = 50;

const input = z.object({
  command: z.string().trim().min(1, "must not be empty").describe("The command line to run"),
  timeout: z
    .int()
    .positive()
    .max(maximumTimeout)
    .optional()
    .describe(`Time limit in milliseconds (default ${defaultTimeout}, at most ${maximumTimeout})`),
  workdir: z.string().min(1).optional().describe("The directory to run in (default: the session's directory). Use this instead of cd"),
  description: z.string().optional().describe("What the command does, in five to ten words"),
  background: z
    .boolean()
    .optional()
    .describe("Start it and return at once; the process tool shows its output and stops it (default false)"),
});

export const bash = defineTool({
  id: "bash",
  description,
  input,
  repeatable: false,
  untold: true,
  limitsOutput: true,
  async execute({ command, timeout: given, workdir, background }, context): Promise<ToolResult> {
    const directory = await enterDirectory(workdir, context);
    const { paths, ...patterns } = await commandPatterns(command, { directory, environment: context.environment });
    await enterPaths(paths, context, { command });
    // A change of directory alone does nothing that could be refused.
    if (patterns.patterns.length > 0) await context.ask({ permission: "bash", ...patterns, metadata: { command } });
    if (background) return startInBackground(command, { directory, timeout: given }, context);
    const timeout = given ?? defaultTimeout;
    const spool = createSpool({ ...context.output, name: context.callID, minimumTail: liveBytes });
    const live = liveOutput(spool, context);
    try {
      const end = await runCommand({
        ...shellCommand(command, context.environment),
        directory,
        environment: context.environment,
        timeout,
        signal: context.signal,
        async onOutput(chunk) {
          await spool.write(chunk);
          live.changed();
        },
      });
      live.stop();
      return describeEnd(command, { end, output: await spool.finish(), tail: spool.tail(liveBytes), timeout });
    } finally {
      live.stop();
      await spool.finish();
    }
  },
});

async function enterDirectory(workdir: string | undefined, context: ToolContext): Promise<string> {
  if (workdir === undefined) return context.directory;
  const target = await enterPath(workdir, context, { kind: "directory" });
  const stats = await stat(target.real).catch(() => undefined);
  if (!stats?.isDirectory()) throw new AppError("BadRequest", `workdir ${target.absolute} is not an existing directory.`);
  return target.real;
}

/** Shows watchers the newest output, at most every `liveEvery` ms, so that a chatty command costs no more than a quiet one. */
function liveOutput(spool: Spool, context: ToolContext): { changed(): void; stop(): void } {
  let timer: NodeJS.Timeout | undefined;
  const show = () => {
    timer = undefined;
    context.metadata({ metadata: { output: spool.tail(liveBytes) } });
  };
  show();
  return {
    changed() {
      timer ??= setTimeout(show, liveEvery);
    },
    stop: () => clearTimeout(timer),
  };
}

function describeEnd(command: string, run: { end: CommandEnd; output: SpoolEnd; tail: string; timeout: number }): ToolResult {
  const { end, output, tail, timeout } = run;
  const notes: string[] = [];
  const { outputPath } = output;
  if (outputPath) notes.push(cutNote({ ...output, outputPath, part: "end" }));
  if (end.timedOut) {
    notes.push(
      `(Stopped at its time limit of ${timeout} ms, with all processes it had started. A longer timeout can be given, up to ${maximumTimeout} ms.)`,
    );
  } else if (end.killedBy) notes.push(`(Ended by the signal ${end.killedBy}.)`);
  else if (output.bytes === 0) notes.push(end.exit === 0 ? "(No output.)" : `(No output. Exit code ${end.exit}.)`);
  const metadata = { output: tail, exit: end.exit, truncated: outputPath !== undefined, ...(outputPath ? { outputPath } : {}) };
  return { title: command, output: joinNotes(output.text, notes), metadata };
}

function joinNotes(text: string, notes: string[]): string {
  if (notes.length === 0) return text;
  return [text.replace(/\n$/, ""), ...notes].filter((part) => part !== "").join("\n\n");
}
