export interface Bounds {
  /** Milliseconds. */
  ms: number;
  signal?: AbortSignal;
}

/** The promise's value; undefined once the time is up or the signal aborts. A rejection before that passes through, a later one is nobody's. */
export async function within<Value>(promise: Promise<Value>, { ms, signal }: Bounds): Promise<Value | undefined> {
  const over = Promise.withResolvers<undefined>();
  const end = () => over.resolve(undefined);
  const timer = setTimeout(end, Math.max(0, ms));
  signal?.addEventListener("abort", end, { once: true });
  if (signal?.aborted) end();
  promise.catch(() => undefined);
  try {
    return await Promise.race([promise, over.promise]);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", end);
  }
}
