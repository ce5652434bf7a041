import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { AppError } from "../schema/error.ts";

export interface RipgrepOptions {
  directory: string;
  environment: NodeJS.ProcessEnv;
  signal: AbortSignal;
  /** Gets each line as it comes; answers false to end the search. */
  onLine(line: string): boolean;
}

/** Every search sees hidden files, honours `.gitignore` inside and outside repositories, and leaves git's own files out. */
const common = ["--no-config", "--color=never", "--hidden", "--no-require-git", "--no-messages", "--glob=!**/.git"];
const maximumComplaint = 4_000;

/**
 * Runs ripgrep. Finding nothing is not an error; BadRequest with ripgrep's words is thrown for what it does not accept (a
 * bad pattern), the signal's reason on abort.
 */
export async function ripgrep(args: string[], options: RipgrepOptions): Promise<void> {
  // The package looks for its program as it is loaded, and throws where there is none: a matter of searches, not of starts.
  const { rgPath } = await import("@vscode/ripgrep");
  options.signal.throwIfAborted();
  const stdio: ["ignore", "pipe", "pipe"] = ["ignore", "pipe", "pipe"];
  const child = spawn(rgPath, [...common, ...args], { cwd: options.directory, env: options.environment, stdio, windowsHide: true });
  const closed = new Promise<number | null>((resolve, reject) => child.once("close", resolve).once("error", reject));
  const end = () => child.kill("SIGKILL");
  options.signal.addEventListener("abort", end, { once: true });
  let complaint = "";
  let isStopped = false;
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    complaint = (complaint + text).slice(0, maximumComplaint);
  });
  const reader = createInterface({ input: child.stdout, crlfDelay: Number.POSITIVE_INFINITY });
  reader.on("line", (line) => {
    if (isStopped || options.onLine(line)) return;
    isStopped = true;
    end();
  });
  try {
    const code = await closed;
    options.signal.throwIfAborted();
    // 2 also stands for single files it could not read; then it has nothing to say about the request itself.
    if (!isStopped && code === 2 && complaint) throw new AppError("BadRequest", complaint.trim());
  } finally {
    options.signal.removeEventListener("abort", end);
    reader.close();
    end();
  }
}

/** Paths as ripgrep prints them below `./`, with forward slashes. */
export function relativeResult(path: string): string {
  return path.replaceAll("\\", "/").replace(/^\.\//, "");
}
