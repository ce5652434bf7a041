import type { Logger } from "pino";

/** Structured lines on stderr: ids and names of faults, never what people or models said. */
export function createErrorLog(): (error: unknown) => void {
  const write = createWriter();
  return (error) => write((log) => log.error(describe(error)));
}

/** A request that was answered (or whose client left), without its query and body: those are what people say. */
export interface RequestEntry {
  method: string;
  path: string;
  status: number;
  milliseconds: number;
}

/** A line on stderr for each request. */
export function createRequestLog(): (entry: RequestEntry) => void {
  const write = createWriter();
  return (entry) => write((log) => log.info({ ...entry, msg: "request" }));
}

/** The logger is loaded at the first line. */
function createWriter(): (line: (log: Logger) => void) => void {
  let logger: Promise<Logger> | undefined;
  return (line) => {
    logger ??= import("pino").then(({ pino }) => pino({ base: null }, pino.destination(2)));
    void logger.then(line);
  };
}

function describe(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { error: String(error) };
  const { name, message, stack = "", cause } = error;
  const reason = cause instanceof Error ? withoutValues(cause.message) : undefined;
  return { error: name, msg: withoutValues(message), stack: withoutValues(stack), cause: reason };
}

/** A failed query is told with the values it was given: what people searched for and wrote. */
function withoutValues(text: string): string {
  return text.replace(/\nparams: .*?(?=\n {4}at |$)/s, "");
}
