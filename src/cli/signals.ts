import { exitCodes } from "./failure.ts";

/** What ends a command from outside. */
export type StopSignal = "SIGINT" | "SIGTERM" | "SIGHUP";

export interface Signals extends Disposable {
  /** Aborts at the first signal; the reason is its name. */
  signal: AbortSignal;
  /** Resolves with the first signal. */
  stopped: Promise<StopSignal>;
}

/**
 * From now on the first signal is an orderly wish, and the second ends the process at once. With `parent`, the end of the process that holds
 * the other end of this one's channel is a wish too: a parent that was killed sends no signal.
 */
export function watchSignals({ parent = false }: { parent?: boolean } = {}): Signals {
  const names: StopSignal[] = ["SIGINT", "SIGTERM", "SIGHUP"];
  const controller = new AbortController();
  const { promise, resolve } = Promise.withResolvers<StopSignal>();
  const handle = (name: NodeJS.Signals) => {
    if (controller.signal.aborted) process.exit(exitCodes.interrupt);
    const stop = names.find((candidate) => candidate === name) ?? "SIGINT";
    controller.abort(stop);
    resolve(stop);
  };
  for (const name of names) process.on(name, handle);
  const orphaned = () => handle("SIGTERM");
  if (parent && process.connected === false) orphaned();
  if (parent) process.once("disconnect", orphaned);
  return {
    signal: controller.signal,
    stopped: promise,
    [Symbol.dispose]() {
      for (const name of names) process.off(name, handle);
      process.off("disconnect", orphaned);
    },
  };
}
