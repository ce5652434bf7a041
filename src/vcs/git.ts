import { spawn } from "node:child_process";
import { devNull } from "node:os";

export interface GitResult {
  /** git's exit code; 127 where git is not installed. */
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs git in a directory, which has to exist. A failing git is an answer (its code), not an error. */
export type Git = (directory: string, args: string[]) => Promise<GitResult>;

/** These point git away from the directory it is run in: a server started from a git hook inherits them. */
const misleading = ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_COMMON_DIR", "GIT_PREFIX", "GIT_OBJECT_DIRECTORY", "GIT_NAMESPACE"];

// A repository's own settings must not start programs when it is only looked at.
const settings = ["core.fsmonitor=false", `core.hooksPath=${devNull}`, "core.quotePath=false"].flatMap((setting) => ["-c", setting]);

/** A git that asks nobody, takes no locks it can do without and runs no shell. `environment`: without the server's secrets. */
export function createGit({ environment }: { environment: NodeJS.ProcessEnv }): Git {
  const kept = Object.entries(environment).filter(([name]) => !misleading.includes(name.toUpperCase()));
  const env = { ...Object.fromEntries(kept), GIT_OPTIONAL_LOCKS: "0", GIT_TERMINAL_PROMPT: "0", LC_ALL: "C" };
  return (directory, args) => run([...settings, ...args], { cwd: directory, env });
}

function run(args: string[], options: { cwd: string; env: NodeJS.ProcessEnv }): Promise<GitResult> {
  const { promise, resolve, reject } = Promise.withResolvers<GitResult>();
  const child = spawn("git", args, { ...options, stdio: ["ignore", "pipe", "pipe"], windowsHide: true });
  const [stdout, stderr]: Buffer[][] = [[], []];
  child.stdout.on("data", (chunk: Buffer) => stdout?.push(chunk));
  child.stderr.on("data", (chunk: Buffer) => stderr?.push(chunk));
  child.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") resolve({ code: 127, stdout: "", stderr: "git is not installed" });
    else reject(error);
  });
  child.on("close", (code) => resolve({ code: code ?? 1, stdout: text(stdout), stderr: text(stderr) }));
  return promise;
}

function text(chunks: Buffer[] = []): string {
  return Buffer.concat(chunks).toString("utf8").trimEnd();
}
