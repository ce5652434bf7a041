import { type TRPCClient, TRPCClientError } from "@trpc/client";
import type { AppRouter, Event } from "./api.gen.ts";

export interface EventsOptions {
  /** Replays what came after this position of the log first. */
  after?: number;
  /** `"all"`: every directory the server works in, not only the client's. */
  directory?: "all";
  /** Ends the iteration quietly, as closing the client does. */
  signal?: AbortSignal;
  /** Hears how the connection stands: `connecting` (for the first time or again, then with why), `open`. */
  onConnection?: (state: "connecting" | "open", reason?: string) => void;
}

export interface StreamedEvent {
  /** To resume after it: the position of the newest durable event so far. */
  position: number;
  event: Event;
}

type Api = TRPCClient<AppRouter>;

/** Events that wait for their reader here; past it the server keeps them, and the reading goes on from the cursor. */
const backlog = 2_000;

/** Before a stream that the server ended is taken up again, in ms: a server that restarts is not to be stormed. */
const pause = 250;

/**
 * Events in order, without a gap and none twice, over lost connections and restarts of the server too. A reader that is slower than the events is not fed without
 * bound: past a backlog the subscription is ended and taken up again after what was read. Throws TRPCClientError for what the server refuses.
 */
export async function* followEvents(api: Api, { after, ...options }: EventsOptions = {}): AsyncGenerator<StreamedEvent, void> {
  let cursor = after;
  while (!options.signal?.aborted) {
    const subscription = subscribe(api, { after: cursor, ...options });
    try {
      for (let next = await subscription.next(); next !== undefined; next = await subscription.next()) {
        cursor = next.position;
        yield next;
      }
    } finally {
      subscription.end();
    }
    if (subscription.wasStopped()) await sleep(pause, options.signal);
  }
}

interface Subscription {
  /** `undefined` when it ended: by the signal, by the server, or because the backlog was full. */
  next(): Promise<StreamedEvent | undefined>;
  /** The server ended it: it is stopping. */
  wasStopped(): boolean;
  end(): void;
}

function subscribe(api: Api, { signal, onConnection, ...input }: EventsOptions): Subscription {
  const waiting: StreamedEvent[] = [];
  let ended: "full" | "stopped" | "aborted" | { error: unknown } | undefined;
  let wake = () => {};
  const end = (reason: typeof ended) => {
    ended ??= reason;
    subscription.unsubscribe();
    wake();
  };
  /** What is refused would be tried for ever. */
  const askWhy = async () => {
    const error = await refusal(api);
    if (error !== undefined) end({ error });
  };
  const subscription = api.event.subscribe.subscribe(input, {
    onData({ id, data }) {
      waiting.push({ position: Number(id), event: data });
      wake();
      if (waiting.length >= backlog) queueMicrotask(() => end("full"));
    },
    onConnectionStateChange({ state, error }) {
      if (state === "connecting") onConnection?.("connecting", error?.message);
      if (state === "connecting" && error) void askWhy();
      if (state === "pending") onConnection?.("open");
    },
    // An event stream tells no more than the status.
    onError: async (error) => end({ error: error.data ? error : ((await refusal(api)) ?? error) }),
    onComplete: () => end("stopped"),
  });
  const abort = () => end("aborted");
  signal?.addEventListener("abort", abort, { once: true });
  return {
    wasStopped: () => ended === "stopped",
    end() {
      signal?.removeEventListener("abort", abort);
      end("aborted");
    },
    async next() {
      while (waiting.length === 0 || ended === "aborted") {
        if (typeof ended === "object") throw ended.error;
        if (ended !== undefined) return undefined;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      return waiting.shift();
    },
  };
}

/** A WebSocket does not tell a server that refuses the credential from one that is away: a call does. */
async function refusal(api: Api): Promise<unknown> {
  try {
    await api.global.health.query();
  } catch (error) {
    if (error instanceof TRPCClientError && [401, 403].includes(error.data?.httpStatus)) return error;
  }
  return undefined;
}

function sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    signal?.addEventListener("abort", done, { once: true });
  });
}
