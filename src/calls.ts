/** Calls of procedures that are under way. One may outlive the connection it came over, and still has its deed to put on record. */
export interface Calls extends AsyncDisposable {
  /** The same promise, which disposal waits for. */
  hold<Result>(call: Promise<Result>): Promise<Result>;
}

/** Disposal waits for the calls that there are, for `patience` milliseconds at most (5 s unless told); `late` hears how many are not over then. */
export function createCalls({ patience = 5_000, late }: { patience?: number; late: (count: number) => void }): Calls {
  const underWay = new Set<Promise<unknown>>();
  return {
    hold(call) {
      const over = () => underWay.delete(call);
      underWay.add(call);
      call.then(over, over);
      return call;
    },
    async [Symbol.asyncDispose]() {
      const { promise: patienceEnds, resolve } = Promise.withResolvers<void>();
      const timer = setTimeout(resolve, patience);
      await Promise.race([Promise.allSettled(underWay), patienceEnds]);
      clearTimeout(timer);
      if (underWay.size > 0) late(underWay.size);
    },
  };
}
