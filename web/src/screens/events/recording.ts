import { useEffect, useState, useSyncExternalStore } from "react";
import type { StreamedEvent } from "../../../../src/client/client.ts";
import { useServer } from "../../app/client.ts";
import { useLiveStore } from "../../live/hooks.ts";
import type { Live } from "../../live/live.ts";
import { added, type Entry, entryOf } from "./record.ts";

export interface Recording {
  entries(): readonly Entry[];
  /** Calls back after changes, at most once a frame; returns what ends it. */
  subscribe(listener: () => void): () => void;
  /** Puts them before the others. */
  prepend(earlier: readonly Entry[]): void;
  clear(): void;
}

/** Writes down what the page hears from now on, bounded. */
function createRecording(): Recording & { start(live: Pick<Live, "hear">): () => void } {
  let entries: readonly Entry[] = [];
  let waiting: Entry[] = [];
  let count = 0;
  const listeners = new Set<() => void>();
  const change = (next: readonly Entry[]) => {
    entries = next;
    for (const listener of listeners) listener();
  };
  const flush = () => {
    const more = waiting;
    waiting = [];
    change(added(entries, more));
  };
  return {
    entries: () => entries,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    prepend: (earlier) => change([...earlier, ...entries]),
    clear() {
      waiting = [];
      change([]);
    },
    start(live) {
      return live.hear((streamed) => {
        count += 1;
        if (waiting.push(entryOf(streamed, { number: count, at: Date.now() })) === 1) requestAnimationFrame(flush);
      });
    },
  };
}

/** What was heard since the component is there. */
export function useRecording(): { recording: Recording; entries: readonly Entry[] } {
  const live = useLiveStore();
  const [recording] = useState(createRecording);
  useEffect(() => recording.start(live), [recording, live]);
  return { recording, entries: useSyncExternalStore(recording.subscribe, recording.entries) };
}

const atOnce = 200;
/** Milliseconds. The last of them may be of a directory that this server does not show: then none comes that says it is the last. */
const patience = 3_000;

/** Loads what the log holds before the first entry that is shown: 200 positions more with each call. Answers with how many came. Durable events only; others were never kept. */
export function useEarlier(recording: Recording): { load(): Promise<number>; isLoading: boolean } {
  const { client } = useServer();
  const [isLoading, setLoading] = useState(false);
  const [ends] = useState(() => new AbortController());
  useEffect(() => () => ends.abort(), [ends]);
  async function load(): Promise<number> {
    setLoading(true);
    try {
      const shown = recording.entries();
      const until = shown[0]?.position ?? (await client.api.global.overview.query({ limit: 1 })).position;
      const known = new Set(shown.map(nameOf));
      const numbered = (shown[0]?.number ?? 1) - 2 * atOnce;
      const found: Entry[] = [];
      const stop = AbortSignal.any([ends.signal, AbortSignal.timeout(patience)]);
      for await (const streamed of client.events({ after: Math.max(0, until - atOnce), directory: "all", signal: stop })) {
        const { position, event } = streamed;
        if (position > until) break;
        if (event.type !== "server.connected" && !known.has(nameOf(streamed)))
          found.push(entryOf(streamed, { number: numbered + found.length }));
        if (position === until && event.type !== "server.connected") break;
      }
      recording.prepend(found);
      return found.length;
    } finally {
      setLoading(false);
    }
  }
  return { load, isLoading };
}

/** Not every event has an id; one that stands in the log is the only one of its type at its position. */
const nameOf = ({ position, event }: StreamedEvent): string => `${position} ${event.type}`;
