import type { Logger } from "pino";

/** Structured lines on stderr: ids and names of faults, never what people or models said. The logger is loaded at the first line. */
export function createErrorLog(): (error: unknown) => void {
  let logger: Promise<Logger> | undefined;
  return (error) => {
    logger ??= import("pino").then(({ pino }) => pino({ base: null }, pino.destination(2)));
    void logger.then((log) => log.error(describe(error)));
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
