import type { Database } from "../../db/client.ts";

/** Calls `onMove` once at first and then whenever another connection has committed to the store. */
export function startTail(options: { database: Database; interval: number; onMove(): Promise<void>; onError(error: unknown): void }): {
  stop(): void;
} {
  const { database, onMove, onError } = options;
  let version: number | undefined;
  let busy = false;

  async function look(): Promise<void> {
    const current = await database.dataVersion();
    if (current === version) return;
    version = current;
    await onMove();
  }

  const timer = setInterval(() => {
    if (busy) return;
    busy = true;
    look()
      .catch(onError)
      .finally(() => {
        busy = false;
      });
  }, options.interval).unref();
  return { stop: () => clearInterval(timer) };
}
