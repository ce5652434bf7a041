import { spawn } from "node:child_process";
import { devNull } from "node:os";

export interface GitAnswer {
  /** git's exit code; 127 where git is not installed, 124 when it took too long. */
  code: number;
  stdout: Buffer;
  stderr: string;
}

export interface GitCall {
  directory: string;
  input?: string | Buffer;
  /** Milliseconds after which git is stopped. */
  timeout: number;
}

/** Runs git on bytes. A failing git is an answer (its code), not an error. */
export type RunGit = (args: string[], call: GitCall) => Promise<GitAnswer>;

// Contents are kept byte for byte, and nothing that a user or a repository has configured is started.
const settings = [
  "core.fsmonitor=false",
  `core.hooksPath=${devNull}`,
  "core.quotePath=false",
  "core.autocrlf=false",
  "core.safecrlf=false",
  "core.longpaths=true",
  "core.splitIndex=false",
  "core.sparseCheckout=false",
  "core.looseCompression=1",
  "gc.auto=0",
].flatMap((setting) => ["-c", setting]);

/** What a repository lacks is not fetched: where from, and by which program, is its own word. */
const offline = { GIT_NO_LAZY_FETCH: "1", GIT_ALLOW_PROTOCOL: "none" };

/** `environment`: without the server's secrets. Git's own variables are left out: they would lead it to another repository. */
export function createRunGit(environment: NodeJS.ProcessEnv): RunGit {
  const kept = Object.entries(environment).filter(([name]) => !name.toUpperCase().startsWith("GIT_"));
  const env = { ...Object.fromEntries(kept), ...offline, GIT_TERMINAL_PROMPT: "0", GIT_LITERAL_PATHSPECS: "1", LC_ALL: "C" };
  return (args, { directory, input, timeout }) => {
    const { promise, resolve, reject } = Promise.withResolvers<GitAnswer>();
    const child = spawn("git", [...settings, ...args], { cwd: directory, env, stdio: "pipe", windowsHide: true });
    const [stdout, stderr]: [Buffer[], Buffer[]] = [[], []];
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      child.kill();
    }, timeout);
    child.stdout.on("data", (chunk: Buffer) => stdout.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => stderr.push(chunk));
    child.on("error", (error: NodeJS.ErrnoException) => {
      clearTimeout(timer);
      if (error.code === "ENOENT") resolve({ code: 127, stdout: Buffer.alloc(0), stderr: "git is not installed" });
      else reject(error);
    });
    child.on("close", (code) => {
      clearTimeout(timer);
      resolve({ code: late ? 124 : (code ?? 1), stdout: Buffer.concat(stdout), stderr: Buffer.concat(stderr).toString("utf8").trim() });
    });
    // A git that ends before it has read everything says why in its exit code.
    child.stdin.on("error", () => {});
    child.stdin.end(input);
    return promise;
  };
}
