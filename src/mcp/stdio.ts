import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { type JSONRPCMessage, ReadBuffer, serializeMessage, type Transport } from "@modelcontextprotocol/client";
import spawn from "cross-spawn";
import { createLastWords } from "./last-words.ts";

export interface StdioOptions {
  /** The program and its arguments. */
  command: string[];
  directory: string;
  /** The whole environment of the child. */
  environment: NodeJS.ProcessEnv;
  /** Ends a process and everything it started, by the pid of its group's leader. */
  endProcess(leader: number): Promise<void>;
}

export interface StdioTransport extends Transport {
  /** How the process ended and what it said last on its standard error; undefined while it runs. */
  ending(): string | undefined;
}

/** Milliseconds that a server has to leave by itself once its input is closed, and for its last output when it has left. */
const leaveTime = 300;
const drainTime = 100;
/** A message beyond this many bytes ends the connection: memory is not the server's to take. */
const longestMessage = 32 << 20;

/**
 * Speaks to a server over its standard input and output, one JSON message a line; lines that are not JSON are passed over. The
 * process leads a group of its own: when the transport closes, whatever it started goes with it, also when it ignores signals.
 */
export function createStdioTransport(options: StdioOptions): StdioTransport {
  const buffer = new ReadBuffer({ maxBufferSize: longestMessage });
  const words = createLastWords();
  let child: ChildProcess | undefined;
  let ending: string | undefined;
  let closing: Promise<void> | undefined;

  const transport: StdioTransport = { start, send, close, ending: () => ending };

  async function start(): Promise<void> {
    const started = launch(options);
    child = started;
    started.stdin?.on("error", fault);
    started.stdout?.on("data", receive).on("error", fault);
    started.stderr?.on("data", words.hear).on("error", fault);
    started.once("exit", (code, signal) => {
      ending = `It ended ${signal === null ? `with exit code ${code}` : `by ${signal}`}${words.quote()}.`;
      void drained(started).then(close);
    });
    await spawned(started, options);
  }

  function receive(chunk: Buffer): void {
    try {
      buffer.append(chunk);
    } catch (error) {
      fault(error);
      void close();
      return;
    }
    for (;;) {
      try {
        const message = buffer.readMessage();
        if (message === null) return;
        transport.onmessage?.(message);
      } catch (error) {
        fault(error);
      }
    }
  }

  function fault(error: unknown): void {
    transport.onerror?.(error instanceof Error ? error : new Error(String(error)));
  }

  function send(message: JSONRPCMessage): Promise<void> {
    return new Promise((resolve, reject) => {
      const input = child?.stdin;
      if (!input?.writable) return reject(new Error(ending ?? "The process takes no input any more."));
      input.write(serializeMessage(message), (error) => (error ? reject(error) : resolve()));
    });
  }

  function close(): Promise<void> {
    closing ??= end(child, options).finally(() => {
      buffer.clear();
      transport.onclose?.();
    });
    return closing;
  }

  return transport;
}

function launch({ command: [file = "", ...args], directory, environment }: StdioOptions): ChildProcess {
  // A group of its own on POSIX; on Windows that would open a window, and the tree is ended as one anyway.
  const detached = process.platform !== "win32";
  return spawn(file, args, { cwd: directory, env: environment, stdio: ["pipe", "pipe", "pipe"], detached, windowsHide: true });
}

async function spawned(child: ChildProcess, { command, directory }: StdioOptions): Promise<void> {
  try {
    await once(child, "spawn");
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`The command "${command[0] ?? ""}" could not be started in ${directory}: ${reason}.`, { cause });
  }
  child.on("error", () => {});
}

/** Output written right before the end is still on its way; a child that keeps the pipe open is not waited for. */
async function drained({ stdout }: ChildProcess): Promise<void> {
  if (stdout === null || stdout.readableEnded) return;
  await Promise.race([once(stdout, "end").catch(() => {}), delay(drainTime)]);
}

async function end(child: ChildProcess | undefined, { endProcess }: StdioOptions): Promise<void> {
  if (child?.pid === undefined) return;
  child.stdin?.end();
  const exited = child.exitCode !== null || child.signalCode !== null;
  if (!exited) await Promise.race([once(child, "exit"), delay(leaveTime)]);
  await endProcess(child.pid);
  for (const stream of [child.stdin, child.stdout, child.stderr]) stream?.destroy();
}
