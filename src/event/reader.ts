import { setImmediate } from "node:timers/promises";
import type { LogEntry, ReadOptions } from "./log.ts";
import { createQueue, type EntryQueue, type QueueLimits } from "./queue.ts";

/** What a reader needs of the log it follows. */
export interface ReaderSource {
  /** A page of stored entries after the position, oldest first. `done` when there is nothing beyond `reached`; a closed log has nothing. */
  page(after: number, filter: ReadOptions): Promise<Page>;
  /** Parts in flight as entries, filtered. */
  snapshots(filter: ReadOptions): LogEntry[];
  snapshot(partID: string): LogEntry | undefined;
  /** The newest position that was told. */
  head(): number;
  attach(subscriber: Subscriber): () => void;
  limits: QueueLimits;
  /** Hears of each reader that was given up. */
  onEvict(): void;
}

export interface Page {
  entries: LogEntry[];
  reached: number;
  done: boolean;
}

export interface Subscriber {
  filter: ReadOptions;
  queue: EntryQueue;
}

/** Attaches at once, replays if asked to, then goes on live. */
export function follow(source: ReaderSource, options: ReadOptions): AsyncIterable<LogEntry> {
  const replaying = options.after !== undefined;
  const cursor = options.after ?? source.head();
  const queue = createQueue({ replaying, cursor, limits: source.limits, snapshot: source.snapshot, onEvict: source.onEvict });
  const detach = source.attach({ filter: options, queue });
  const end = () => {
    detach();
    queue.close();
  };
  options.signal?.addEventListener("abort", end, { once: true });
  if (options.signal?.aborted) end();
  return {
    async *[Symbol.asyncIterator]() {
      try {
        if (replaying) yield* replay(source, queue, options);
        for (let entry = await queue.next(); entry !== undefined; entry = await queue.next()) yield entry;
      } finally {
        options.signal?.removeEventListener("abort", end);
        end();
      }
    },
  };
}

async function* replay(source: ReaderSource, queue: EntryQueue, options: ReadOptions): AsyncGenerator<LogEntry> {
  let cursor = options.after ?? 0;
  while (!options.signal?.aborted) {
    const { entries, reached, done } = await source.page(cursor, options);
    // What was taken is let go of: the reader may be slow, and each may be large.
    for (let entry = entries.shift(); entry !== undefined; entry = entries.shift()) {
      if (options.signal?.aborted) return;
      yield entry;
    }
    cursor = reached;
    // Nothing may be awaited between the end of the replay and going live.
    if (done && queue.goLive(cursor, () => source.snapshots(options))) return;
    // libSQL never yields by itself: a long replay must not stop the server.
    await setImmediate();
  }
}

export function matches(entry: LogEntry, filter: ReadOptions): boolean {
  if (filter.sessionID !== undefined && entry.sessionID !== filter.sessionID) return false;
  return filter.directory === undefined || entry.directory === undefined || entry.directory === filter.directory;
}
