import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { type Files, gitRepository, type TestRepository, temporaryDirectory } from "./directory.ts";
import { openTestTerminal, type TestTerminal, type TestTerminalOptions } from "./terminal.ts";

const root = join(import.meta.dirname, "..", "..");
export const launcher = join(root, "bin", "codeport.js");

export interface ProgramOptions {
  /** Variables beside those of the workspace; undefined removes one. */
  env?: NodeJS.ProcessEnv;
  /** What is piped in; nothing (an empty device) unless told; `open` leaves the pipe open and silent. */
  input?: string | { open: true };
  directory?: string;
}

/** The built program, running. Killed with everything it started when it goes out of scope. */
export interface Program extends AsyncDisposable {
  pid: number;
  stdout(): string;
  stderr(): string;
  /** Resolves when the pattern appears on the stream, with its match; rejects with all output when the program ends before. */
  seen(stream: "stdout" | "stderr", pattern: RegExp): Promise<RegExpExecArray>;
  /** The URL of the line that says it listens. */
  listening(): Promise<string>;
  exited: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  kill(signal: NodeJS.Signals): void;
  /** Stops reading its stdout, as `head` does. */
  hangUp(): void;
}

export interface Finished {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** A repository, a home of its own, and the program started there. No provider key of the machine is seen. */
export interface Workspace extends AsyncDisposable {
  repository: TestRepository;
  /** Where the program keeps its data. */
  home: string;
  start(words: string[], options?: ProgramOptions): Promise<Program>;
  /** Starts it and waits for its end. */
  run(words: string[], options?: ProgramOptions): Promise<Finished>;
  /** Starts it in a pseudo-terminal. */
  terminal(words: string[], options?: Partial<Pick<TestTerminalOptions, "env" | "columns" | "rows">>): TestTerminal;
  /** Starts any other program there; `node` is the one that runs this. */
  launch(command: string[], options?: ProgramOptions): Promise<Program>;
}

/** `await using workspace = await programWorkspace({ files: { "README.md": "# Hello\n" } })` */
export async function programWorkspace(options: { files?: Files } = {}): Promise<Workspace> {
  await build();
  const repository = await gitRepository(options);
  const home = await temporaryDirectory();
  const started: AsyncDisposable[] = [];
  const launch = async (command: string[], { env, input, directory = repository.path }: ProgramOptions = {}) => {
    const program = await spawnProgram(command, { env: { ...environmentOf(home.path), ...env }, input, directory });
    started.push(program);
    return program;
  };
  return {
    repository,
    home: home.path,
    launch,
    start: (words, startOptions) => launch(["node", launcher, ...words], startOptions),
    terminal(words, { env, ...size } = {}) {
      const place = { file: process.execPath, directory: repository.path, env: { ...environmentOf(home.path), ...env } };
      const terminal = openTestTerminal({ ...place, words: [launcher, ...words], ...size });
      started.push(terminal);
      return terminal;
    },
    run: async (words, runOptions) => finished(await launch(["node", launcher, ...words], runOptions)),
    async [Symbol.asyncDispose]() {
      for (const program of started) await program[Symbol.asyncDispose]();
      await repository[Symbol.asyncDispose]();
      await home[Symbol.asyncDispose]();
    },
  };
}

/** Waits for the end of a program. */
export async function finished(program: Program): Promise<Finished> {
  await using ends = program;
  const { code } = await ends.exited;
  return { code, stdout: ends.stdout(), stderr: ends.stderr() };
}

/** Only what a program needs of the machine, and a home of its own. */
function environmentOf(home: string): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => /^(PATH|TMPDIR|TEMP|TMP|SYSTEMROOT|COMSPEC|PATHEXT|LANG)$/i.test(name));
  return {
    ...Object.fromEntries(kept),
    HOME: home,
    USERPROFILE: home,
    XDG_CONFIG_HOME: join(home, "config"),
    XDG_DATA_HOME: join(home, "data"),
    XDG_STATE_HOME: join(home, "state"),
    XDG_CACHE_HOME: join(home, "cache"),
  };
}

async function spawnProgram([file = "node", ...words]: string[], { env, input, directory }: ProgramOptions): Promise<Program> {
  const child = spawn(file === "node" ? process.execPath : file, words, {
    cwd: directory,
    env,
    // A group of its own, so that nothing it started outlives the test.
    detached: process.platform !== "win32",
    stdio: [input === undefined ? "ignore" : "pipe", "pipe", "pipe"],
  });
  if (typeof input === "string") child.stdin?.end(input);
  await once(child, "spawn");
  return watch(child);
}

function watch(child: ChildProcess): Program {
  const text = { stdout: "", stderr: "" };
  const waiting = new Set<() => void>();
  const check = () => {
    for (const look of [...waiting]) look();
  };
  for (const stream of ["stdout", "stderr"] as const) {
    child[stream]?.setEncoding("utf8").on("data", (chunk: string) => {
      text[stream] += chunk;
      check();
    });
  }
  let over = false;
  const exited = once(child, "close").then(([code, signal]) => {
    over = true;
    check();
    return { code, signal };
  });
  const seen = (stream: "stdout" | "stderr", pattern: RegExp) =>
    new Promise<RegExpExecArray>((resolve, reject) => {
      const look = () => {
        const match = pattern.exec(text[stream]);
        if (!match && !over) return;
        waiting.delete(look);
        if (match) resolve(match);
        else reject(new Error(`The program ended without ${pattern} on ${stream}.\n${text.stdout}\n${text.stderr}`));
      };
      waiting.add(look);
      look();
    });
  return {
    pid: child.pid ?? 0,
    stdout: () => text.stdout,
    stderr: () => text.stderr,
    seen,
    listening: async () => (await seen("stdout", /^opencode server listening on (https?:\/\/\S+)\n/))[1] ?? "",
    exited,
    kill: (signal) => void child.kill(signal),
    hangUp: () => void child.stdout?.destroy(),
    async [Symbol.asyncDispose]() {
      killGroup(child);
      await exited;
    },
  };
}

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  if (process.platform === "win32") child.kill("SIGKILL");
  else process.kill(-child.pid, "SIGKILL");
}

/** Builds the program unless it was built before; `npm test` does so first. Several test processes agree by a lock. */
async function build(): Promise<void> {
  const lock = join(root, "node_modules", ".codeport-build-lock");
  while (!existsSync(join(root, "dist", "main.js"))) {
    const owner = await mkdir(lock).then(
      () => true,
      () => false,
    );
    if (!owner) await delay(200);
    else await runBuild().finally(() => rm(lock, { recursive: true }));
  }
}

async function runBuild(): Promise<void> {
  const child = spawn(process.execPath, [join(root, "node_modules", "tsdown", "dist", "run.mjs")], { cwd: root, stdio: "inherit" });
  const [code] = await once(child, "exit");
  if (code !== 0) throw new Error(`The build failed with exit code ${code}.`);
}
