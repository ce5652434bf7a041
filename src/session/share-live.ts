import { setTimeout as delay } from "node:timers/promises";
import type { SharedSession } from "../schema/share.ts";
import type { SessionOptions } from "./options.ts";

/** Milliseconds between two looks at a session that goes on: it is read whole each time. */
const pause = 500;

/** A session as the link shows it, again after each change, until the signal aborts or the reader falls behind. Throws as `shared` when the link ends. */
export async function* followShare(
  { log }: SessionOptions,
  { look, sessionID, signal }: FollowedShare,
): AsyncGenerator<SharedSession, void> {
  using changes = watchSession(log, { sessionID, signal });
  while (!signal.aborted) {
    const changed = changes.next();
    yield await look();
    if (!(await changed)) return;
    await delay(pause, undefined, { signal }).catch(() => {});
  }
}

interface FollowedShare {
  look(): Promise<SharedSession>;
  sessionID: string;
  signal: AbortSignal;
}

/** `next`: resolves with true at the first change since the call, with false when there will be none. */
function watchSession(
  log: SessionOptions["log"],
  { sessionID, signal }: Omit<FollowedShare, "look">,
): { next(): Promise<boolean> } & Disposable {
  const ends = new AbortController();
  let waiting = Promise.withResolvers<boolean>();
  let isOver = false;
  const end = () => {
    isOver = true;
    waiting.resolve(false);
  };
  const read = async () => {
    for await (const entry of log.read({ sessionID, signal: AbortSignal.any([signal, ends.signal]) })) {
      if (entry.evicted !== undefined) return;
      waiting.resolve(true);
    }
  };
  // Whatever ends the reading ends the following; whoever follows comes again.
  void read().then(end, end);
  return {
    next() {
      waiting = Promise.withResolvers<boolean>();
      if (isOver) waiting.resolve(false);
      return waiting.promise;
    },
    [Symbol.dispose]: () => ends.abort(),
  };
}
