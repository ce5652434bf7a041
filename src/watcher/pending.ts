/** Paths that something happened to, told together once it is quiet for a moment. */
export interface Pending {
  add(path: string): void;
  /** Forgets what was not told yet. */
  clear(): void;
}

export interface PendingOptions {
  /** Milliseconds of quiet before they are told, and at most so many after the first. */
  quiet: number;
  patience: number;
  /** More paths than this are not told one by one. */
  most: number;
  /** `undefined`: more than is told. */
  tell(paths: string[] | undefined): void;
}

export function createPending({ quiet, patience, most, tell }: PendingOptions): Pending {
  const paths = new Set<string>();
  let isFlood = false;
  let first = 0;
  let timer: NodeJS.Timeout | undefined;

  function clear(): void {
    clearTimeout(timer);
    timer = undefined;
    paths.clear();
    isFlood = false;
  }

  function flush(): void {
    const told = isFlood ? undefined : [...paths];
    clear();
    tell(told);
  }

  return {
    clear,
    add(path) {
      const now = Date.now();
      if (timer === undefined) first = now;
      if (!isFlood) paths.add(path);
      if (paths.size > most) {
        isFlood = true;
        paths.clear();
      }
      clearTimeout(timer);
      timer = setTimeout(flush, Math.max(0, Math.min(quiet, first + patience - now))).unref();
    },
  };
}
