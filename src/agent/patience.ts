import { type Failure, lateFailure } from "./failure.ts";
import type { Patience } from "./turn.ts";

/** What a timer of Node takes; beyond it, it would expire at once. */
const longest = 2 ** 31 - 1;

/** Calls `expired` when a limit is passed. `seen` is to be called for every sign of life, `stop` ends it for good. */
export function watchPatience(
  { idle, first = idle, whole = false }: Patience,
  expired: (failure: Failure) => void,
): { seen(): void; stop(): void } {
  const start = (milliseconds: number | false, what: string) =>
    milliseconds === false
      ? undefined
      : setTimeout(() => expired(lateFailure(`${what} ${milliseconds} ms`)), Math.min(milliseconds, longest));
  const deadline = start(whole, "The model did not finish within");
  let silence = start(first, "The model sent nothing for");
  let begun = false;
  return {
    seen() {
      if (begun) return void silence?.refresh();
      begun = true;
      clearTimeout(silence);
      silence = start(idle, "The model sent nothing for");
    },
    stop() {
      clearTimeout(silence);
      clearTimeout(deadline);
    },
  };
}
