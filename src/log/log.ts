import type { Logger } from "pino";
import { plain } from "./plain.ts";

export type LogLevel = "debug" | "info" | "warn" | "error";

/**
 * What the server says about itself, one JSON object a line: ids, names and numbers, never what people or models said. The only content in it is
 * what a client sends to be logged. Nothing here throws: a log that cannot be written must not stop what it tells of.
 */
export interface ServerLog extends AsyncDisposable {
  /** A request that was answered. `path`: without query and without names that clients chose. */
  request(line: RequestEntry): void;
  /** What a client wants to be noted, cut to a bounded size. */
  message(line: ClientLine): void;
  /** Something that happened to the server. */
  event(level: LogLevel, message: string, fields?: Record<string, string | number | boolean>): void;
  /** A failure nobody waits for: name, message and stack, without the values of a query. */
  fault(error: unknown): void;
  /** Lines below this level are left out from now on. */
  level(level: LogLevel): void;
}

export interface RequestEntry {
  method: string;
  path: string;
  status: number;
  /** Until the answer was sent, or its client went away. */
  milliseconds: number;
  /** The client went away before it had the whole answer. */
  aborted?: boolean;
}

export interface ClientLine {
  level: LogLevel;
  service: string;
  message: string;
  extra?: Record<string, unknown>;
}

export interface ServerLogOptions {
  /** Where log files go, one for each start. Undefined: no file. */
  directory?: string;
  /** `info` unless told. */
  level?: LogLevel;
  /** Every line on stderr too; otherwise only faults. */
  print?: boolean;
  /** Nothing on stderr, whatever happens. */
  quiet?: boolean;
}

type Line = [level: LogLevel, fields: Record<string, unknown>, message: string];

/** The logger and its file are opened at the first line, in the background: a start does not wait for them. */
export function createServerLog(options: ServerLogOptions = {}): ServerLog {
  let level = options.level ?? "info";
  let opened: Promise<{ logger: Logger; close(): Promise<void> }> | undefined;
  let written: Promise<void> = Promise.resolve();
  const write = (...[at, fields, message]: Line) => {
    if (rank[at] < rank[level]) return;
    opened ??= import("./destination.ts").then(({ openLogger }) => openLogger(options));
    const target = opened;
    written = written.then(async () => (await target).logger[at](fields, message));
  };
  return {
    request: ({ method, path, status, milliseconds: ms, aborted }) =>
      write("info", { method, path, status, ms, ...(aborted && { aborted }) }, "request"),
    message: ({ level: at, service, message, extra }) =>
      write(at, { service: plain(service, 200), ...(extra && { extra: plain(extra) }) }, plain(message)),
    event: (at, message, fields = {}) => write(at, fields, message),
    fault(error) {
      const { msg, ...fields } = describe(error);
      write("error", fields, msg);
    },
    level(next) {
      level = next;
    },
    async [Symbol.asyncDispose]() {
      await written;
      await (await opened)?.close();
      opened = undefined;
    },
  };
}

const rank: Record<LogLevel, number> = { debug: 0, info: 1, warn: 2, error: 3 };

function describe(error: unknown): { msg: string } & Record<string, unknown> {
  if (!(error instanceof Error)) return { msg: String(error) };
  const { name, message, stack = "", cause } = error;
  const reason = cause instanceof Error ? withoutValues(cause.message) : undefined;
  return { error: name, msg: withoutValues(message), stack: withoutValues(stack), cause: reason };
}

/** A failed query is told with the values it was given: what people searched for and wrote. */
function withoutValues(text: string): string {
  return text.replace(/\nparams: .*?(?=\n {4}at |$)/s, "");
}
