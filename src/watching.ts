import { setTimeout as delay } from "node:timers/promises";
import type { Watcher } from "./watcher/watcher.ts";

/** Held while somebody follows the events of a directory. `ready`: what changes from now on is told; a large tree is not waited for longer than a moment. */
export interface Held extends Disposable {
  ready: Promise<void>;
}

/** Which directories are watched: those that somebody follows. */
export interface Watching {
  /** Without a directory: every one that is in use, now or later. */
  hold(directory?: string): Held;
  /** The services of a directory were made (anew). */
  made(instance: { directory: string; watcher: Watcher }): void;
  /** The services of a directory have ended. */
  gone(directory: string): void;
}

/** Milliseconds. */
const patience = 250;

async function soon(begun: Promise<unknown>): Promise<void> {
  const late = new AbortController();
  const timeout = delay(patience, undefined, { signal: late.signal, ref: false }).catch(() => {});
  await Promise.race([begun, timeout]);
  late.abort();
}

export function createWatching(): Watching {
  const watchers = new Map<string, Watcher>();
  const held = new Map<string, number>();
  let heldAll = 0;

  const isWanted = (directory: string): boolean => heldAll > 0 || (held.get(directory) ?? 0) > 0;
  const begin = (directory: string) => (isWanted(directory) ? watchers.get(directory)?.start() : undefined);
  function end(): void {
    for (const [directory, watcher] of watchers) if (!isWanted(directory)) watcher.stop();
  }

  function count(directory: string | undefined, step: 1 | -1): void {
    if (directory === undefined) heldAll += step;
    else held.set(directory, (held.get(directory) ?? 0) + step);
    if (directory !== undefined && held.get(directory) === 0) held.delete(directory);
  }

  return {
    hold(directory) {
      count(directory, 1);
      const begun = Promise.all((directory === undefined ? [...watchers.keys()] : [directory]).map(begin));
      let released = false;
      return {
        ready: soon(begun),
        [Symbol.dispose]() {
          if (released) return;
          released = true;
          count(directory, -1);
          end();
        },
      };
    },
    gone: (directory) => void watchers.delete(directory),
    made({ directory, watcher }) {
      const before = watchers.get(directory);
      if (before !== watcher) before?.stop();
      watchers.set(directory, watcher);
      void begin(directory);
    },
  };
}
