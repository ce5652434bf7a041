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
  return {
    error: error.name,
    msg: error.message,
    stack: error.stack,
    cause: error.cause instanceof Error ? error.cause.message : undefined,
  };
}
