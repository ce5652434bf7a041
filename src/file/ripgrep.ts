import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { access } from "node:fs/promises";
import type { Readable } from "node:stream";
import { AppError } from "../schema/error.ts";
import { fileError } from "./failure.ts";

export interface RipgrepOptions {
  /** Where it runs; results are relative to it. */
  directory: string;
  /** What ends a record of its output. */
  separator: "\n" | "\0";
  signal?: AbortSignal;
}

/** Nobody's own settings, no words about single unreadable files, hidden files but not git's. Links are not followed. */
const always = ["--no-config", "--no-messages", "--hidden", "--glob=!.git"];

/**
 * The records ripgrep prints, as they come. Whoever stops reading, or aborts, ends the process. Throws BadRequest with ripgrep's reason when it
 * does not accept what it is asked, the signal's reason on abort, and ServiceUnavailableError when there is no ripgrep for this machine.
 */
export async function* ripgrep(args: string[], { directory, separator, signal }: RipgrepOptions): AsyncGenerator<string, void> {
  await checkDirectory(directory);
  // The package looks for its program as it is loaded, and throws where there is none: a matter of searches, not of starts.
  const { rgPath } = await import("@vscode/ripgrep");
  signal?.throwIfAborted();
  const child = spawn(rgPath, [...always, ...args], { cwd: directory, stdio: ["ignore", "pipe", "pipe"], windowsHide: true });
  const ended = end(child);
  const stop = (): boolean => child.kill("SIGKILL");
  signal?.addEventListener("abort", stop);
  try {
    yield* records(child.stdout, separator);
    const result = await ended;
    signal?.throwIfAborted();
    checkEnd(result);
  } finally {
    signal?.removeEventListener("abort", stop);
    stop();
    await ended;
  }
}

async function checkDirectory(directory: string): Promise<void> {
  try {
    await access(directory);
  } catch (error) {
    throw fileError(error, directory);
  }
}

type Child = ChildProcessByStdio<null, Readable, Readable>;

interface End {
  code: number | null;
  complaint: string;
  /** Why it could not be started. */
  error?: unknown;
}

async function end(child: Child): Promise<End> {
  let complaint = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    complaint += text;
  });
  try {
    const [code] = await once(child, "close");
    return { code, complaint: complaint.trim().replace(/^rg: /, "") };
  } catch (error) {
    return { code: null, complaint, error };
  }
}

function checkEnd({ code, complaint, error }: End): void {
  if (error !== undefined) {
    throw new AppError(
      "ServiceUnavailableError",
      "Searching needs ripgrep, which does not run here. Reinstalling may help.",
      {},
      { cause: error },
    );
  }
  // Without a complaint, 2 means that some file could not be read: the others were.
  if (code === 2 && complaint !== "") throw new AppError("BadRequest", `The pattern is not valid: ${complaint}`);
}

async function* records(stdout: Readable, separator: string): AsyncGenerator<string, void> {
  let pending = "";
  for await (const chunk of stdout.setEncoding("utf8")) {
    const parts = String(chunk).split(separator);
    parts[0] = pending + parts[0];
    pending = parts.pop() ?? "";
    yield* parts;
  }
  if (pending !== "") yield pending;
}
