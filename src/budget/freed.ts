/** Tells those who wait for room that a call has given some back. */
export interface Freed {
  /** Resolves at the next such moment here, after a while in case it happens on another server, or when the signal aborts. */
  next(signal: AbortSignal): Promise<void>;
  tell(): void;
}

/** How often other servers' calls are looked at, in ms. */
const interval = 250;

export function createFreed(): Freed {
  let waiting: (() => void)[] = [];
  return {
    next(signal) {
      return new Promise((resolve) => {
        const done = () => {
          clearTimeout(timer);
          signal.removeEventListener("abort", done);
          resolve();
        };
        const timer = setTimeout(done, interval);
        signal.addEventListener("abort", done);
        if (signal.aborted) done();
        else waiting.push(done);
      });
    },
    tell() {
      const told = waiting;
      waiting = [];
      for (const resolve of told) resolve();
    },
  };
}
