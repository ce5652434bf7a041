import { Failure } from "./failure.ts";
import type { Signals } from "./signals.ts";

/** What ends a run from outside its turn: a signal, the time-out, or a reader of its output that went away. */
export interface Stop extends Disposable {
  /** Its reason is the Failure to end with. */
  signal: AbortSignal;
  /** The promise's value, or the reason as soon as the run is stopped. */
  guard<Value>(promise: Promise<Value>): Promise<Value>;
}

export interface StopOptions {
  signals: Signals;
  /** Seconds. */
  timeout?: number;
  stdout: NodeJS.WritableStream;
}

export function createStop({ signals, timeout, stdout }: StopOptions): Stop {
  const controller = new AbortController();
  const stop = (failure: Failure) => controller.abort(failure);
  const interrupted = () => stop(new Failure("interrupt", "Interrupted."));
  const outputGone = (error: Error) => {
    // `codeport run … | head`: nobody reads any more.
    const closed = "code" in error && error.code === "EPIPE";
    stop(closed ? new Failure("interrupt", "") : new Failure("task", `The answer cannot be written: ${error.message}.`));
  };
  const expired = () => stop(new Failure("timeout", `Not done within ${timeout} s (--timeout); the turn was aborted.`));
  const timer = timeout === undefined ? undefined : setTimeout(expired, timeout * 1000);
  if (signals.signal.aborted) interrupted();
  signals.signal.addEventListener("abort", interrupted, { once: true });
  stdout.on("error", outputGone);
  return {
    signal: controller.signal,
    guard: (promise) => Promise.race([promise, rejection(controller.signal)]),
    [Symbol.dispose]() {
      clearTimeout(timer);
      signals.signal.removeEventListener("abort", interrupted);
    },
  };
}

function rejection(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}
