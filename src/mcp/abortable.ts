/** What the promise gives, unless the signal aborts first: then its reason. The work behind the promise is not ended by that. */
export function abortable<Value>(promise: Promise<Value>, signal: AbortSignal | undefined): Promise<Value> {
  if (signal === undefined) return promise;
  return new Promise((resolve, reject) => {
    const over = () => reject(signal.reason);
    signal.addEventListener("abort", over, { once: true });
    if (signal.aborted) over();
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", over));
  });
}
