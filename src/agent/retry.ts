import type { RetryPolicy } from "./turn.ts";

/** The longest delay a timer can hold. */
const longest = 2 ** 31 - 1;

/**
 * Milliseconds to wait after the `attempt`-th failure (1 is the first). What the answer asked for wins (`retry-after-ms`, then
 * `retry-after` in seconds or as an HTTP date); else `initial` doubled each time, up to `maximum`.
 */
export function retryDelay(attempt: number, policy: RetryPolicy, headers: Record<string, string> = {}): number {
  const asked = askedDelay(headers);
  const delay = asked ?? Math.min(policy.initial * 2 ** (attempt - 1), policy.maximum);
  return Math.min(Math.max(Math.round(delay), 0), longest);
}

function askedDelay(headers: Record<string, string>): number | undefined {
  const milliseconds = Number.parseFloat(headers["retry-after-ms"] ?? "");
  if (Number.isFinite(milliseconds)) return milliseconds;
  const text = headers["retry-after"];
  if (text === undefined) return undefined;
  if (/^\s*\d+(\.\d+)?\s*$/.test(text)) return Number(text) * 1000;
  const date = Date.parse(text);
  return Number.isNaN(date) ? undefined : date - Date.now();
}

/** Resolves after the delay, or at once when the signal aborts: the caller looks at the signal. */
export function wait(delay: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, delay);
    signal.addEventListener("abort", done);
  });
}
