import { spawn } from "node:child_process";
import { devNull } from "node:os";
import type { Readable } from "node:stream";
import { AppError } from "../schema/error.ts";

export interface GitResult {
  /** git's exit code; 127 where git is not installed. */
  code: number;
  stdout: string;
  stderr: string;
}

export interface GitCall {
  /** What it reads; nothing unless told. */
  input?: string;
  /** Instead of the repository's own index. */
  index?: string;
  /** Leaves the white space at the end of the output. */
  exact?: boolean;
  /** Of its environment, beside what it has anyway. */
  variables?: Record<string, string>;
}

/**
 * Runs git in a directory, which has to exist. A failing git is an answer (its code), not an error. Throws PayloadTooLargeError when it
 * says more than 64 MiB.
 */
export type Git = (directory: string, args: string[], call?: GitCall) => Promise<GitResult>;

/** Bytes. */
const mostOutput = 64 * 1024 * 1024;

/** These point git away from the directory it is run in: a server started from a git hook inherits them. */
const misleading = ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_COMMON_DIR", "GIT_PREFIX", "GIT_OBJECT_DIRECTORY", "GIT_NAMESPACE"];

// A repository's own settings must not start programs when it is only looked at.
const settings = ["core.fsmonitor=false", `core.hooksPath=${devNull}`, "core.quotePath=false"].flatMap((setting) => ["-c", setting]);

/** A git that asks nobody, takes no locks it can do without and runs no shell. `environment`: without the server's secrets. */
export function createGit({ environment }: { environment: NodeJS.ProcessEnv }): Git {
  const kept = Object.entries(environment).filter(([name]) => !misleading.includes(name.toUpperCase()));
  const env = { ...Object.fromEntries(kept), GIT_OPTIONAL_LOCKS: "0", GIT_TERMINAL_PROMPT: "0", LC_ALL: "C" };
  return (directory, args, { index, variables, ...call } = {}) => {
    const own = { ...env, ...(index !== undefined && { GIT_INDEX_FILE: index }), ...variables };
    return run([...settings, ...args], { cwd: directory, env: own }, call);
  };
}

type Place = { cwd: string; env: NodeJS.ProcessEnv };

function run(args: string[], place: Place, { input, exact }: Omit<GitCall, "index" | "variables">): Promise<GitResult> {
  const { promise, resolve, reject } = Promise.withResolvers<GitResult>();
  const child = spawn("git", args, { ...place, stdio: ["pipe", "pipe", "pipe"], windowsHide: true });
  const stderr: Buffer[] = [];
  const stdout = collect(child.stdout, () => {
    child.kill("SIGKILL");
    reject(new AppError("PayloadTooLargeError", `git has more to say about this than ${mostOutput} bytes.`));
  });
  child.stderr.on("data", (chunk: Buffer) => stderr.push(chunk));
  // A git that ends before it has read everything says why on stderr.
  child.stdin.on("error", () => undefined);
  child.stdin.end(input ?? "");
  child.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") resolve({ code: 127, stdout: "", stderr: "git is not installed" });
    else reject(error);
  });
  child.on("close", (code) => {
    const text = Buffer.concat(stdout).toString("utf8");
    resolve({ code: code ?? 1, stdout: exact ? text : text.trimEnd(), stderr: Buffer.concat(stderr).toString("utf8").trimEnd() });
  });
  return promise;
}

function collect(stream: Readable, tooMuch: () => void): Buffer[] {
  const chunks: Buffer[] = [];
  let size = 0;
  stream.on("data", (chunk: Buffer) => {
    size += chunk.length;
    if (size > mostOutput) tooMuch();
    else chunks.push(chunk);
  });
  return chunks;
}
