/** Milliseconds before the first new attempt after a loss; doubled each time up to the longest. */
const firstWait = 250;
const longestWait = 30_000;
/** Attempts after which a server that dies again and again is given up. */
export const mostAttempts = 6;
/** Milliseconds after which a connection counts as good, so that its loss starts from the first wait. */
const goodAfter = 60_000;

/** When a lost server is tried again. */
export interface Backoff {
  /** A connection was made. */
  made(): void;
  /** It was lost: runs `retry` after a while. False: it was lost too often, and nothing will run. */
  lost(retry: () => void): boolean;
  /** Calls off what was to run. */
  clear(): void;
  /** Forgets the losses too. */
  reset(): void;
}

export function createBackoff(): Backoff {
  let losses = 0;
  let since = 0;
  let timer: NodeJS.Timeout | undefined;
  const clear = () => clearTimeout(timer);
  return {
    made() {
      since = Date.now();
    },
    lost(retry) {
      losses = Date.now() - since > goodAfter ? 1 : losses + 1;
      if (losses > mostAttempts) return false;
      timer = setTimeout(retry, Math.min(firstWait * 2 ** (losses - 1), longestWait));
      timer.unref();
      return true;
    },
    clear,
    reset() {
      clear();
      losses = 0;
    },
  };
}
