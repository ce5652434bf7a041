import type { Turn } from "./turn.ts";

/** Knows when a turn is over. */
export interface Ending {
  /** Resolves when the turn is over, rejects with `fail`. */
  over: Promise<void>;
  fail(error: unknown): void;
  hear(progress: ReturnType<Turn["accept"]>): void;
  /** The server has the prompt: from now on an idle session means that the turn is over. */
  accepted(): void;
}

/** `isIdle` asks the server about the session, for when its events leave the matter open. */
export function createEnding(isIdle: () => Promise<boolean>): Ending {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  // Whoever waits for it hears of it; at first nobody does.
  promise.catch(() => undefined);
  let hasPrompt = false;
  let unsure = false;

  function ask(): void {
    isIdle().then((idle) => {
      if (idle) resolve();
    }, reject);
  }

  return {
    over: promise,
    fail: reject,
    hear(progress) {
      if (progress === "ended") resolve();
      if (progress !== "unsure") return;
      // Before the prompt was sent, the idle was that of an earlier turn.
      if (hasPrompt) ask();
      else unsure = true;
    },
    accepted() {
      hasPrompt = true;
      if (unsure) ask();
    },
  };
}
