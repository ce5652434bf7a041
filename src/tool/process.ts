import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { constants, setPriority } from "node:os";
import type { Readable } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";
import { AppError } from "../schema/error.ts";
import { markerName, type ProcessMarker, readMarkers } from "../schema/process-marker.ts";
import { endFamily } from "./process-family.ts";
import { endMarked } from "./process-marked.ts";

export interface CommandOptions {
  /** The program and its arguments; see `shellCommand` for a command line. */
  file: string;
  args: string[];
  directory: string;
  /** The whole environment of the child. */
  environment: NodeJS.ProcessEnv;
  /** Milliseconds; without it the command may take as long as it likes. */
  timeout?: number;
  signal?: AbortSignal;
  /** Standard output and error in the order they were written. The child waits while the returned promise does. */
  onOutput(chunk: Buffer): void | Promise<void>;
  /** Milliseconds between SIGTERM and SIGKILL. */
  grace?: number;
}

export interface CommandEnd {
  /** `null`: stopped at its time limit, or ended by a signal. */
  exit: number | null;
  /** The signal that ended it, if that was not our doing. */
  killedBy?: NodeJS.Signals;
  timedOut: boolean;
}

const defaultGrace = 1_000;
/** Milliseconds for output that is still under way when the command itself has ended: a pipeline's last stage may be slower than its shell. */
const drainTime = 500;

/**
 * Runs a program without input, in a session and process group of its own. However it ends (exit, time limit, abort),
 * nothing that it started still runs when this settles, except what made itself a daemon before a regular end. Rejects with the signal's
 * reason on abort, with AppError BadRequest when it cannot be started, and with what `onOutput` throws.
 */
export async function runCommand(options: CommandOptions): Promise<CommandEnd> {
  options.signal?.throwIfAborted();
  const child = start(options);
  giveWay(child);
  const exited = exitOf(child);
  const leader = await startOf(child, options);
  const reading = Promise.all([read(child.stdout, options), read(child.stderr, options)]);
  const limit = watchLimits(options);
  try {
    const outcome = await Promise.race([exited, limit.reached, failureOf(reading)]);
    if (typeof outcome === "object") await Promise.race([reading, delay(drainTime)]);
    await endFamily(leader, options.grace ?? defaultGrace);
    if (typeof outcome !== "object") await endStrays(options);
    await Promise.race([reading, delay(drainTime)]);
    if (outcome === "abort") throw options.signal?.reason;
    return outcome === "timeout" ? { exit: null, timedOut: true } : outcome;
  } catch (error) {
    await endFamily(leader, options.grace ?? defaultGrace);
    await endStrays(options);
    throw error;
  } finally {
    limit.clear();
    // A daemon may hold the pipes for ever; nobody listens any more.
    child.stdout?.destroy();
    child.stderr?.destroy();
  }
}

/** A command that was cut short leaves no daemon either: whatever carries its marker. */
async function endStrays({ environment }: CommandOptions): Promise<void> {
  const marker = readMarkers(environment[markerName] ?? "").at(-1);
  if (marker?.call === undefined) return;
  const isSame = ({ server, session, call }: ProcessMarker) =>
    server === marker.server && session === marker.session && call === marker.call;
  await endMarked({ isMeant: (markers) => markers.some(isSame) });
}

/** What a command does (a build on all cores, a flood of output) must not keep the server from answering; alone on the machine it is as quick as ever. */
function giveWay({ pid }: ChildProcess): void {
  try {
    if (pid !== undefined) setPriority(pid, constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // It has ended already, or the system does not let us: it runs as it is.
  }
}

function start({ file, args, directory, environment }: CommandOptions): ChildProcess {
  if (process.platform === "win32") {
    const verbatim = /cmd(\.exe)?$/i.test(file);
    const stdio: ["ignore", "pipe", "pipe"] = ["ignore", "pipe", "pipe"];
    return spawn(file, args, { cwd: directory, env: environment, stdio, windowsHide: true, windowsVerbatimArguments: verbatim });
  }
  // One pipe for both streams keeps their order. The shell that joins them is replaced by the program at once.
  const joined = ["-c", 'exec "$0" "$@" 2>&1', file, ...args];
  return spawn("/bin/sh", joined, { cwd: directory, env: environment, stdio: ["ignore", "pipe", "pipe"], detached: true });
}

function startOf(child: ChildProcess, options: CommandOptions): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once("spawn", () => resolve(child.pid ?? 0));
    child.on("error", (cause) => {
      // The system says "no such file" of a missing directory too, and names the program.
      const reason = existsSync(options.directory) ? cause.message : "there is no such directory";
      const message = `The command could not be started in ${options.directory}: ${reason}.`;
      reject(new AppError("BadRequest", message, {}, { cause }));
    });
  });
}

function exitOf(child: ChildProcess): Promise<CommandEnd> {
  return new Promise((resolve) => {
    child.once("exit", (exit, killedBy) => resolve({ exit, timedOut: false, ...(killedBy ? { killedBy } : {}) }));
  });
}

async function read(stream: Readable | null, options: CommandOptions): Promise<void> {
  if (stream === null) return;
  for await (const chunk of stream) await options.onOutput(chunk);
}

/** Settles only when the promise rejects. */
function failureOf(promise: Promise<unknown>): Promise<never> {
  return new Promise((_, reject) => {
    promise.catch(reject);
  });
}

function watchLimits({ timeout, signal }: CommandOptions): { reached: Promise<"timeout" | "abort">; clear(): void } {
  const { promise, resolve } = Promise.withResolvers<"timeout" | "abort">();
  const timer = timeout === undefined ? undefined : setTimeout(() => resolve("timeout"), timeout);
  const abort = () => resolve("abort");
  signal?.addEventListener("abort", abort, { once: true });
  if (signal?.aborted) abort();
  return {
    reached: promise,
    clear() {
      clearTimeout(timer);
      signal?.removeEventListener("abort", abort);
    },
  };
}
