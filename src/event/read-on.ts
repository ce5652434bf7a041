import type { LogEntry, ReadOptions } from "./log.ts";

/**
 * Follows the log as `read` does (attached at once), for readers inside the server: one that fell behind is closed by the log and goes on
 * where it was, so that no durable event is missed.
 */
export function readOn(read: (options: ReadOptions) => AsyncIterable<LogEntry>, options: ReadOptions): AsyncIterable<LogEntry> {
  const first = read(options);
  return {
    async *[Symbol.asyncIterator]() {
      let entries = first;
      for (;;) {
        let evicted: LogEntry["evicted"];
        for await (const entry of entries) {
          evicted = entry.evicted;
          if (!evicted) yield entry;
        }
        if (!evicted) return;
        entries = read({ ...options, after: evicted.cursor });
      }
    },
  };
}
