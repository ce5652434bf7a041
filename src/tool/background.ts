import { AppError } from "../schema/error.ts";
import { type CommandEnd, type CommandOptions, runCommand } from "./process.ts";
import { createSpool, type Spool } from "./spool.ts";
import type { ToolContext } from "./tool.ts";

/**
 * Commands that run beside the turns of a session. They belong to the session: they outlive the turn that started them, and end when they
 * are stopped, when the session is aborted or deleted, and with the server. Their output is kept in a file each.
 */
export interface BackgroundCommands extends AsyncDisposable {
  of(sessionID: string): SessionCommands;
  /** Ends what runs for the session, with all that it started, and forgets what has run. */
  end(sessionID: string): Promise<void>;
}

export interface SessionCommands {
  /** Starts a command. Throws AppError BadRequest when too many run already; what goes wrong later is told as its end. */
  start(command: string, options: StartOptions): BackgroundCommand;
  /** Those that run and those that have ended, oldest first. */
  list(): BackgroundCommand[];
  /** Throws AppError NotFoundError that names the known ones. */
  get(id: string): BackgroundCommand;
}

export type StartOptions = Pick<CommandOptions, "file" | "args" | "directory" | "environment" | "timeout"> & Pick<ToolContext, "output">;

export interface BackgroundCommand {
  /** `bg_1`, `bg_2`, … within the session. */
  id: string;
  command: string;
  /** Epoch ms. */
  started: number;
  /** How it ended; nothing while it runs. */
  end(): CommandEnd | { failed: string } | undefined;
  /** Resolves when it has ended and nothing that it started runs any more. */
  ended: Promise<void>;
  /** Resolves at the next output, or at the end. */
  changed(): Promise<void>;
  hasUnread(): boolean;
  /** What was written since the last call of this, its end if it is more than `bytes`. */
  unread(bytes: number): { text: string; skipped: number };
  /** Where all of the output is; nothing before the first. */
  file(): string | undefined;
  /** Ends it, with all that it started. */
  stop(): Promise<void>;
}

const mostRunning = 10;
const mostRemembered = 50;
const heldBytes = 64 * 1024;

export function createBackground(): BackgroundCommands {
  const sessions = new Map<string, Map<string, BackgroundCommand>>();
  let closed = false;

  const endAll = async (commands: Iterable<BackgroundCommand>): Promise<void> => {
    await Promise.all([...commands].map((command) => command.stop()));
  };

  return {
    of(sessionID) {
      const commandsNow = (): Map<string, BackgroundCommand> => sessions.get(sessionID) ?? new Map();
      return {
        start(command, options) {
          if (closed) throw new AppError("ServiceUnavailableError", "The server is shutting down.", { service: "background" });
          const commands = commandsNow();
          makeRoom(commands);
          const started = startCommand(nextId(commands), command, options);
          sessions.set(sessionID, commands.set(started.id, started));
          return started;
        },
        list: () => [...commandsNow().values()],
        get(id) {
          const commands = commandsNow();
          const known = commands.get(id);
          if (known) return known;
          const names = commands.size === 0 ? "None was started." : `Known are: ${[...commands.keys()].join(", ")}.`;
          throw new AppError("NotFoundError", `There is no background command ${JSON.stringify(id)}. ${names}`, { id });
        },
      };
    },
    async end(sessionID) {
      const commands = sessions.get(sessionID);
      sessions.delete(sessionID);
      await endAll(commands?.values() ?? []);
    },
    async [Symbol.asyncDispose]() {
      closed = true;
      await endAll([...sessions.values()].flatMap((commands) => [...commands.values()]));
    },
  };
}

function makeRoom(commands: Map<string, BackgroundCommand>): void {
  const running = [...commands.values()].filter((command) => command.end() === undefined);
  if (running.length >= mostRunning) {
    const names = running.map(({ id }) => id).join(", ");
    throw new AppError("BadRequest", `${mostRunning} commands run in the background already (${names}). Stop one with the process tool.`);
  }
  const ended = [...commands.values()].filter((command) => command.end() !== undefined);
  for (const { id } of ended.slice(0, Math.max(0, commands.size - mostRemembered + 1))) commands.delete(id);
}

function nextId(commands: Map<string, BackgroundCommand>): string {
  const last = [...commands.keys()].at(-1);
  return `bg_${Number(last?.slice(3) ?? 0) + 1}`;
}

function startCommand(id: string, command: string, { output, ...options }: StartOptions): BackgroundCommand {
  const abort = new AbortController();
  // No limit: all of it goes to the file.
  const spool = createSpool({ directory: output.directory, maxBytes: 0, maxLines: 0, name: id, minimumTail: heldBytes });
  const changes = signals();
  let end: ReturnType<BackgroundCommand["end"]>;
  let read = 0;

  const run = async (): Promise<void> => {
    try {
      end = await runCommand({ ...options, signal: abort.signal, onOutput: (chunk) => keep(chunk) });
    } catch (error) {
      end = abort.signal.aborted
        ? { exit: null, timedOut: false, killedBy: "SIGTERM" }
        : { failed: error instanceof Error ? error.message : String(error) };
    }
    await spool.finish();
    changes.tell();
  };
  const keep = async (chunk: Buffer): Promise<void> => {
    await spool.write(chunk);
    changes.tell();
  };
  const ended = run();

  return {
    id,
    command,
    started: Date.now(),
    end: () => end,
    ended,
    changed: () => (end === undefined ? changes.next() : Promise.resolve()),
    hasUnread: () => spool.size() > read,
    unread(bytes) {
      const result = unreadOf(spool, read, bytes);
      read = spool.size();
      return result;
    },
    file: () => spool.file(),
    async stop() {
      abort.abort();
      await ended;
    },
  };
}

function unreadOf(spool: Spool, read: number, bytes: number): { text: string; skipped: number } {
  const left = spool.size() - read;
  const shown = Math.min(left, bytes, heldBytes);
  return { text: spool.tail(shown), skipped: left - shown };
}

function signals(): { tell(): void; next(): Promise<void> } {
  let waiting = Promise.withResolvers<void>();
  return {
    tell() {
      waiting.resolve();
      waiting = Promise.withResolvers();
    },
    next: () => waiting.promise,
  };
}
