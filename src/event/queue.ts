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

/** Collapsing walks the queue: it is worth it only when there is this much to collapse. */
const collapsible = 64;

export interface QueueOptions {
  replaying: boolean;
  cursor: number;
  limits: QueueLimits;
  /** The newest state of a part in flight. */
  snapshot(partID: string): LogEntry | undefined;
}

export function createQueue(options: QueueOptions): EntryQueue {
  let { replaying, cursor } = options;
  const backlog = createBacklog(options);
  let newest = cursor;
  let closed = false;
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

  return {
    push(entry) {
      if (closed || !accepts(entry)) return;
      closed = !backlog.add(entry);
      if (closed) backlog.replace([createEntry({ id: "evt_evicted", type: "server.heartbeat", properties: {} }, { evicted: { cursor } })]);
      notify();
    },
    async next() {
      while (backlog.size() === 0 && !closed)
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      const entry = backlog.take();
      cursor = entry?.position ?? cursor;
      return entry;
    },
    goLive(reached, snapshots) {
      const complete = newest <= reached;
      newest = reached;
      if (!complete) return false;
      cursor = reached;
      replaying = false;
      backlog.prepend(snapshots());
      return true;
    },
    close() {
      closed = true;
      backlog.replace([]);
      notify();
    },
  };
}

/** The entries themselves, and how much they weigh. */
function createBacklog({ limits, snapshot }: QueueOptions) {
  let entries: LogEntry[] = [];
  let bytes = 0;
  let live = 0;

  function weigh(entry: LogEntry, sign: 1 | -1): void {
    bytes += sign * entry.json.length;
    if (livePartOf(entry) !== undefined) live += sign;
  }

  function replace(kept: LogEntry[]): void {
    entries = kept;
    bytes = 0;
    live = 0;
    for (const entry of kept) weigh(entry, 1);
  }

  function collapse(): void {
    const parts = new Set(entries.map(livePartOf).filter((id) => id !== undefined));
    const snapshots = [...parts].map(snapshot).filter((entry) => entry !== undefined);
    replace([...entries.filter((entry) => livePartOf(entry) === undefined), ...snapshots]);
  }

  return {
    size: () => entries.length,
    /** False when the reader is too far behind to be served any more. */
    add(entry: LogEntry): boolean {
      entries.push(entry);
      weigh(entry, 1);
      if (bytes > limits.soft && live >= collapsible) collapse();
      // One entry that is larger than the limit by itself is no sign of a slow reader.
      return bytes <= limits.hard || entries.length === 1;
    },
    take(): LogEntry | undefined {
      const entry = entries.shift();
      if (entry !== undefined) weigh(entry, -1);
      return entry;
    },
    prepend: (first: LogEntry[]) => replace([...first, ...entries]),
    replace,
  };
}
