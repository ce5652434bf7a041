import type { StreamedEvent } from "../../../src/client/client.ts";
import type { Live, LiveOptions } from "./live.ts";
import type { Action } from "./reduce.ts";

interface FollowOptions extends LiveOptions {
  dispatch(action: Action): void;
  tell(event: StreamedEvent): void;
  /** Nothing that was told holds any longer: the position was refused, as another store's would be. */
  onReset(): void;
}

/** Before a server that cannot be reached is asked again, in ms; each time twice as long. */
const pauses = { first: 250, longest: 5_000 };
const sessionsAtOnce = 200;

/** The overview of everything, then the events after it; with each new connection the overview again, since what was erased leaves no event. */
export function createFollowing({ client, dispatch, tell, onReset, onRefused }: FollowOptions): Pick<Live, "run" | "loadMore"> {
  let limit = sessionsAtOnce;
  /** What was told since an overview was asked for: it may be older than that. */
  let sinceAsked: StreamedEvent[] | undefined;

  /** Puts the overview under what was told meanwhile. */
  async function refresh(): Promise<number> {
    const told: StreamedEvent[] = [];
    sinceAsked = told;
    const overview = await client.api.global.overview.query({ limit }).finally(() => {
      if (sinceAsked === told) sinceAsked = undefined;
    });
    dispatch({ type: "overview", overview });
    // Deltas are in the state already, and not of what an overview holds.
    const events = told.map(({ event }) => event).filter(({ type }) => !type.startsWith("message."));
    dispatch({ type: "events", events, at: Date.now() });
    return overview.position;
  }

  async function follow(signal: AbortSignal): Promise<void> {
    const position = await refresh();
    onReset();
    let connections = 0;
    const onConnection = (state: "connecting" | "open", reason?: string) => {
      if (state === "open") dispatch({ type: "connection", connection: { state: "open" } });
      else if (reason !== undefined) lost(reason);
    };
    for await (const streamed of client.events({ after: position, directory: "all", signal, onConnection })) {
      sinceAsked?.push(streamed);
      tell(streamed);
      if (streamed.event.type !== "server.connected") continue;
      dispatch({ type: "connection", connection: { state: "open" } });
      connections += 1;
      if (connections > 1) refresh().catch(checkRefusal);
    }
  }

  /** A server that has gone does not say whether it would let us in again. */
  function lost(reason: string): void {
    dispatch({ type: "connection", connection: { state: "lost", reason } });
    client.api.global.overview.query({ limit: 1 }).catch(checkRefusal);
  }

  /** Other faults show in the connection, and pass with it. */
  function checkRefusal(error: unknown): void {
    if (isRefusal(error)) onRefused();
  }

  return {
    async loadMore() {
      limit += sessionsAtOnce;
      await refresh();
    },
    async run(signal) {
      let pause = pauses.first;
      while (!signal.aborted) {
        try {
          await follow(signal);
          pause = pauses.first;
        } catch (error) {
          if (signal.aborted) return;
          if (isRefusal(error)) return onRefused();
          dispatch({ type: "connection", connection: { state: "lost", reason: reasonOf(error) } });
          await sleep(pause, signal);
          pause = Math.min(pauses.longest, pause * 2);
        }
      }
    },
  };
}

/** Whether the server wants a password, or another one. */
export function isRefusal(error: unknown): boolean {
  return dataOf(error)?.httpStatus === 401;
}

/** Whether the server has no such thing (any more). */
export function isNotFound(error: unknown): boolean {
  return dataOf(error)?.httpStatus === 404;
}

function dataOf(error: unknown): { httpStatus?: unknown } | undefined {
  const data = typeof error === "object" && error !== null && "data" in error ? error.data : undefined;
  return typeof data === "object" && data !== null ? data : undefined;
}

/** What went wrong, for people: the server's own words where there are any. */
export function reasonOf(error: unknown): string {
  if (dataOf(error) !== undefined && error instanceof Error) return error.message;
  return "The server cannot be reached.";
}

function sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    signal.addEventListener("abort", done, { once: true });
  });
}
