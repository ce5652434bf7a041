import { getUntypedClient } from "@trpc/client";
import { useServer } from "./client.ts";

export interface CallOptions {
  signal: AbortSignal;
  /** Hears what comes: the answer, or each item of a subscription with the position that it can be taken up after. */
  onData(data: unknown, position?: string): void;
}

export type Caller = (procedure: { path: string; type: string }, input: unknown, options: CallOptions) => Promise<void>;

/** Calls any procedure by its name. Resolves when it is over, also by the signal; throws what the server refuses. */
export function useCaller(directory?: string): Caller {
  const client = getUntypedClient(useServer().of(directory).calls);
  return async ({ path, type }, input, { signal, onData }) => {
    if (type === "query") return onData(await client.query(path, input, { signal }));
    if (type === "mutation") return onData(await client.mutation(path, input, { signal }));
    await new Promise<void>((resolve, reject) => {
      const subscription = client.subscription(path, input, {
        onData: (item) => (isTracked(item) ? onData(item.data, item.id) : onData(item)),
        onError: reject,
        onComplete: resolve,
      });
      const stop = () => {
        subscription.unsubscribe();
        resolve();
      };
      signal.addEventListener("abort", stop, { once: true });
    });
  };
}

function isTracked(item: unknown): item is { id: string; data: unknown } {
  return typeof item === "object" && item !== null && "id" in item && "data" in item && Object.keys(item).length <= 3;
}
