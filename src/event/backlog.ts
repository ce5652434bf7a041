import { livePartOf } from "./entry.ts";
import type { LogEntry } from "./log.ts";

/** The entries that a reader has not taken, and how much they weigh. */
export interface Backlog {
  /** False when the reader is too far behind to be served any more. */
  add(entry: LogEntry): boolean;
  /** The next entry, if there is one. */
  take(): LogEntry | undefined;
  prepend(entries: LogEntry[]): void;
  replace(entries: LogEntry[]): void;
}

export interface BacklogOptions {
  /** Bytes of JSON: where deltas collapse, and where the reader is given up. */
  limits: { soft: number; hard: number };
  /** The newest state of a part in flight. */
  snapshot(partID: string): LogEntry | undefined;
}

/** A part whose pending deltas have collapsed: its newest state is asked for when the reader comes to it, and weighs nothing until then. */
interface Collapsed {
  partID: string;
}

/** Collapsing walks the queue: it is worth it only when there is this much to collapse. */
const collapsible = 64;

export function createBacklog({ limits, snapshot }: BacklogOptions): Backlog {
  let items: (LogEntry | Collapsed)[] = [];
  const collapsed = new Set<string>();
  let bytes = 0;
  let live = 0;

  function weigh(entry: LogEntry, sign: 1 | -1): void {
    bytes += sign * entry.json.length;
    if (livePartOf(entry) !== undefined) live += sign;
  }

  function replace(kept: LogEntry[]): void {
    items = kept;
    collapsed.clear();
    bytes = 0;
    live = 0;
    for (const entry of kept) weigh(entry, 1);
  }

  function collapse(): void {
    const entries = items.filter((item) => "event" in item);
    const parts = new Set([...collapsed, ...entries.map(livePartOf).filter((id) => id !== undefined)]);
    replace(entries.filter((entry) => livePartOf(entry) === undefined));
    for (const partID of parts) {
      if (snapshot(partID) === undefined) continue;
      collapsed.add(partID);
      items.push({ partID });
    }
  }

  /** What a part has come to since it collapsed is in the state that is asked for later; a stored state comes in its stead. */
  function isCovered(entry: LogEntry): boolean {
    const partID = livePartOf(entry);
    if (partID !== undefined) return collapsed.has(partID);
    if (entry.event.type === "message.part.updated") forget(entry.event.properties.part.id);
    return false;
  }

  function forget(partID: string): void {
    if (collapsed.delete(partID)) items = items.filter((item) => "event" in item || item.partID !== partID);
  }

  return {
    add(entry) {
      if (isCovered(entry)) return true;
      items.push(entry);
      weigh(entry, 1);
      if (bytes > limits.soft && live >= collapsible) collapse();
      // One entry that is larger than the limit by itself is no sign of a slow reader.
      return bytes <= limits.hard || items.filter((item) => "event" in item).length === 1;
    },
    take() {
      for (let item = items.shift(); item !== undefined; item = items.shift()) {
        if ("event" in item) {
          weigh(item, -1);
          return item;
        }
        collapsed.delete(item.partID);
        const newest = snapshot(item.partID);
        if (newest !== undefined) return newest;
      }
      return undefined;
    },
    prepend: (first) => replace([...first, ...items.filter((item) => "event" in item)]),
    replace,
  };
}
