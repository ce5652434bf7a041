import type { AnyEvent } from "../schema/event.ts";
import type { Client } from "./client.ts";
import { Failure } from "./failure.ts";

export interface Listener {
  accept(event: AnyEvent): void;
  /** The stream ended or broke for good. */
  fail(error: unknown): void;
}

/** Resolves when events reach the listener; a lost connection resumes after the last one. Throws the server's refusal. */
export async function followEvents({ api, lost }: Client, { accept, fail }: Listener): Promise<AsyncDisposable> {
  const ready = Promise.withResolvers<void>();
  const broken = (error: unknown) => {
    ready.reject(error);
    fail(error);
  };
  const subscription = api.event.subscribe.subscribe(
    { directory: "all" },
    {
      onData({ data }) {
        // The first one says that whatever happens from now on is told.
        ready.resolve();
        accept(data);
      },
      onError: broken,
      onComplete: () => broken(new Failure("connect", "The server ended the connection: it is stopping.")),
    },
  );
  lost.catch(broken);
  await ready.promise;
  return {
    async [Symbol.asyncDispose]() {
      subscription.unsubscribe();
    },
  };
}
