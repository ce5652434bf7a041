import { existsSync, readdirSync, readFileSync } from "node:fs";
import { AppError } from "../../src/schema/error.ts";
import type { Todo } from "../../src/schema/session.ts";
import { builtinTools, createBackground, createFileTimes, runTool } from "../../src/tool/registry.ts";
import type { PermissionAsk, ToolContext, ToolResult } from "../../src/tool/tool.ts";
import { type Files, type TestDirectory, temporaryDirectory } from "./directory.ts";

/** A session's view of the tools, over a directory of its own; what the tools asked and told is kept. */
export interface Workbench extends AsyncDisposable {
  /** The worktree. Its parent is a directory of the test's own too. */
  directory: TestDirectory;
  /** A path beside the worktree, outside of it. */
  outside(name: string): string;
  context: ToolContext;
  asks: PermissionAsk[];
  edited: string[];
  live: { title?: string; metadata?: Record<string, unknown> }[];
  run(tool: string, input: unknown, change?: Partial<ToolContext>): Promise<ToolResult>;
  /** The error of a call that must fail. */
  fault(tool: string, input: unknown, change?: Partial<ToolContext>): Promise<AppError>;
}

export async function workbench(files: Files = {}, change: Partial<ToolContext> = {}): Promise<Workbench> {
  const home = await temporaryDirectory({ files: prefixed("work/", { ".keep": "", ...files }) });
  const path = home.join("work");
  const directory: TestDirectory = {
    path,
    join: (...names) => home.join("work", ...names),
    write: (more) => home.write(prefixed("work/", more)),
    read: (name) => home.read(`work/${name}`),
    [Symbol.asyncDispose]: () => home[Symbol.asyncDispose](),
  };
  const seen = { asks: [] as PermissionAsk[], edited: [] as string[], live: [] as Workbench["live"] };
  const background = createBackground();
  const context: ToolContext = { ...baseContext(path, home.join("output"), seen), background: background.of("ses_test"), ...change };
  const run = async (tool: string, input: unknown, more: Partial<ToolContext> = {}) => {
    const found = builtinTools().find(({ id }) => id === tool);
    if (!found) throw new Error(`no tool ${tool}`);
    return runTool(found, input, { ...context, ...more });
  };
  return {
    directory,
    outside: (name) => home.join(name),
    context,
    ...seen,
    run,
    async fault(tool, input, more) {
      const error = await run(tool, input, more).then(
        () => undefined,
        (thrown: unknown) => thrown,
      );
      if (error instanceof AppError) return error;
      throw new Error(`expected an AppError, got ${String(error)}`);
    },
    async [Symbol.asyncDispose]() {
      await background[Symbol.asyncDispose]();
      await home[Symbol.asyncDispose]();
    },
  };
}

function baseContext(path: string, output: string, seen: Pick<Workbench, "asks" | "edited" | "live">): ToolContext {
  let todos: Todo[] = [];
  return {
    sessionID: "ses_test",
    messageID: "msg_test",
    callID: "call_test",
    agent: "build",
    directory: path,
    worktree: path,
    signal: new AbortController().signal,
    environment: { PATH: process.env.PATH, HOME: path },
    output: { directory: output, maxLines: 2_000, maxBytes: 50 * 1024 },
    files: createFileTimes(),
    async ask(request) {
      seen.asks.push(request);
    },
    question: async (questions) => questions.map(({ options }) => options.slice(0, 1).map(({ label }) => label)),
    async task({ prompt }) {
      const model = { providerID: "mock", modelID: "mock-1" };
      return { text: `Done: ${prompt}`, metadata: { parentSessionId: "ses_test", sessionId: "ses_child", model } };
    },
    metadata: (update) => seen.live.push(update),
    async edited(file) {
      seen.edited.push(file);
    },
    todo: {
      get: async () => todos,
      set: async (next) => {
        todos = next;
      },
    },
  };
}

function prefixed(prefix: string, files: Files): Files {
  return Object.fromEntries(Object.entries(files).map(([name, content]) => [prefix + name, content]));
}

/** The running processes (no zombies) whose command line holds `mark`. Linux only. */
export function processesWith(mark: string): number[] {
  if (!existsSync("/proc/self/stat")) return [];
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((pid) => readText(`/proc/${pid}/cmdline`).includes(mark) && !/\) [ZX] /.test(readText(`/proc/${pid}/stat`)))
    .map(Number);
}

function readText(file: string): string {
  try {
    return readFileSync(file, "latin1");
  } catch {
    // The process ended meanwhile.
    return "";
  }
}
