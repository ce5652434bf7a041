import { setImmediate } from "node:timers/promises";
import type { Orm } from "../../db/client.ts";
import { listEvents } from "../../db/queries/event.ts";
import { snapshotEntry } from "./entry.ts";
import type { InFlight } from "./in-flight.ts";
import type { LogEntry, ReadOptions } from "./log.ts";
import type { Observers } from "./observers.ts";
import { pageEnd } from "./page.ts";
import type { QueueLimits } from "./queue.ts";
import { matches, type Page, type ReaderSource, type Subscriber } from "./reader.ts";
import { fill } from "./replay.ts";

const pageSize = 200;

/** Tells readers, in the order of the positions, whoever committed. */
export interface Publisher extends ReaderSource {
  deliver(entry: LogEntry): void;
  /** Our own commit, after whatever others committed before it. */
  deliverCommitted(entries: LogEntry[]): Promise<void>;
  /** What others committed since the last look, up to a position. */
  catchUp(until?: number): Promise<void>;
  /** How many read, and how many were given up since the start. */
  readers(): { now: number; evicted: number };
  /** Ends every reader; resolves when none uses the store any more. */
  close(): Promise<void>;
}

export interface PublisherOptions {
  orm: Orm;
  limits: QueueLimits;
  inFlight: InFlight;
  /** Hear of each entry before readers do. */
  observers: Pick<Observers, "tell">;
  head: number;
}

export function createPublisher({ orm, limits, inFlight, observers, head: start }: PublisherOptions): Publisher {
  const subscribers = new Set<Subscriber>();
  const pages = new Set<Promise<unknown>>();
  let head = start;
  let closed = false;
  let evicted = 0;

  function deliver(entry: LogEntry): void {
    if (entry.position !== undefined) head = entry.position;
    observers.tell(entry);
    for (const { filter, queue } of subscribers) if (matches(entry, filter)) queue.push(entry);
  }

  async function catchUp(until?: number): Promise<void> {
    for (;;) {
      const range = { after: head, limit: pageSize };
      const end = await pageEnd(orm, { ...range, until });
      const rows = await listEvents(orm, { ...range, until: end.until });
      for (const entry of await fill(orm, rows, inFlight.get)) deliver(entry);
      head = Math.max(head, rows.at(-1)?.position ?? 0);
      if (end.done) return;
      await setImmediate();
    }
  }

  async function page(after: number, { directory, sessionID }: ReadOptions): Promise<Page> {
    const range = { after, directory, sessionID, limit: pageSize };
    const { until, done } = await pageEnd(orm, range);
    const rows = await listEvents(orm, { ...range, until });
    return { entries: await fill(orm, rows, inFlight.get), reached: rows.at(-1)?.position ?? after, done };
  }

  return {
    deliver,
    catchUp,
    async deliverCommitted(entries) {
      const first = entries[0]?.position;
      if (first !== undefined && first > head + 1) await catchUp(first - 1);
      for (const entry of entries) deliver(entry);
    },
    limits,
    readers: () => ({ now: subscribers.size, evicted }),
    onEvict() {
      evicted += 1;
    },
    head: () => head,
    attach(subscriber) {
      subscribers.add(subscriber);
      return () => subscribers.delete(subscriber);
    },
    async page(after, filter) {
      if (closed) return { entries: [], reached: after, done: true };
      const pending = page(after, filter);
      pages.add(pending);
      return pending.finally(() => pages.delete(pending));
    },
    snapshots: (filter) =>
      inFlight
        .all()
        .map(({ part, options }) => snapshotEntry(part, options.scope))
        .filter((entry) => matches(entry, filter)),
    snapshot(partID) {
      const flight = inFlight.all().find(({ part }) => part.id === partID);
      return flight && snapshotEntry(flight.part, flight.options.scope);
    },
    async close() {
      closed = true;
      for (const { queue } of subscribers) queue.close();
      subscribers.clear();
      await Promise.allSettled(pages);
    },
  };
}
