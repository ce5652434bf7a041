/** A task that is repeated until it is stopped, never twice at once. */
export interface Periodic {
  /** Resolves when the task does not run any more and will not run again. */
  stop(): Promise<void>;
}

/** Runs the task every `interval` ms. Does not keep the process alive. A task that fails is reported and runs again. */
export function every(interval: number, task: () => Promise<void>, onError: (error: unknown) => void): Periodic {
  let running: Promise<void> | undefined;
  const timer = setInterval(() => {
    running ??= task()
      .catch(onError)
      .finally(() => {
        running = undefined;
      });
  }, interval).unref();
  return {
    async stop() {
      clearInterval(timer);
      await running;
    },
  };
}
