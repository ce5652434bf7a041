import type { LogEntry } from "./log.ts";

/** Those who hear of each durable entry at once. */
export interface Observers {
  observe(listener: (entry: LogEntry) => void): Disposable;
  tell(entry: LogEntry): void;
}

export function createObservers(): Observers {
  const listeners = new Set<(entry: LogEntry) => void>();
  return {
    observe(listener) {
      listeners.add(listener);
      return { [Symbol.dispose]: () => void listeners.delete(listener) };
    },
    tell(entry) {
      if (entry.position === undefined) return;
      for (const listener of listeners) listener(entry);
    },
  };
}
