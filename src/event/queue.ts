import { createBacklog } from "./backlog.ts";
import { createEntry, livePartOf } from "./entry.ts";
import type { LogEntry } from "./log.ts";

/**
 * What one reader has not taken yet. Bounded in bytes of JSON: past `soft` the pending deltas of a part collapse into its newest
 * snapshot, past `hard` everything is dropped and the last thing the reader gets is where to resume.
 * While a replay runs, durable entries are not kept (the replay will come to them), only that there were some.
 */
export interface EntryQueue {
  push(entry: LogEntry): void;
  /** The next entry; undefined once closed and empty. */
  next(): Promise<LogEntry | undefined>;
  /** Ends a replay that reached `cursor`. False: newer entries came meanwhile, replay on. */
  goLive(cursor: number, snapshots: () => LogEntry[]): boolean;
  close(): void;
}

export interface QueueLimits {
  soft: number;
  hard: number;
}

export interface QueueOptions {
  replaying: boolean;
  cursor: number;
  limits: QueueLimits;
  /** The newest state of a part in flight. */
  snapshot(partID: string): LogEntry | undefined;
  /** Hears that the reader was given up. */
  onEvict?(): void;
}

export function createQueue(options: QueueOptions): EntryQueue {
  let { replaying, cursor } = options;
  const backlog = createBacklog(options);
  let newest = cursor;
  let closed = false;
  let evicted = false;
  let wake: (() => void) | undefined;

  const notify = () => {
    wake?.();
    wake = undefined;
  };

  /** Whether the entry is for this reader at this moment: not seen yet, and not something the replay will come to. */
  function accepts(entry: LogEntry): boolean {
    if (entry.position === undefined) return !(replaying && livePartOf(entry) !== undefined);
    if (entry.position <= newest) return false;
    newest = entry.position;
    return !replaying;
  }

  /** The last thing a reader gets that was too slow: where it is. */
  function farewell(): LogEntry {
    evicted = false;
    return createEntry({ id: "evt_evicted", type: "server.heartbeat", properties: {} }, { evicted: { cursor } });
  }

  return {
    push(entry) {
      if (closed || !accepts(entry)) return;
      evicted = !backlog.add(entry);
      if (evicted) {
        closed = true;
        backlog.replace([]);
        options.onEvict?.();
      }
      notify();
    },
    async next() {
      for (;;) {
        const entry = backlog.take();
        cursor = entry?.position ?? cursor;
        if (entry !== undefined) return entry;
        if (evicted) return farewell();
        if (closed) return undefined;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
    goLive(reached, snapshots) {
      const complete = newest <= reached;
      newest = reached;
      if (!complete) return false;
      cursor = reached;
      replaying = false;
      if (!closed) backlog.prepend(snapshots());
      return true;
    },
    close() {
      closed = true;
      evicted = false;
      backlog.replace([]);
      notify();
    },
  };
}
