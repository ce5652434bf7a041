import type { Client, Event, EventsOptions } from "../client/client.ts";
import { isNotFound, reasonOf } from "./fault.ts";
import { loadConversation } from "./snapshot.ts";
import type { Store } from "./store.ts";

/** Keeps the state that of the server: one session as it is, then its events; after a lost connection the same again. */
export interface Following {
  /** The session that is followed; undefined: none yet. */
  sessionID(): string | undefined;
  /** From now on this one. Resolves when it is shown. */
  open(sessionID: string | undefined): Promise<void>;
  /** Runs until the signal aborts. */
  run(): Promise<void>;
}

export interface FollowOptions {
  client: Client;
  store: Store;
  sessionID: string | undefined;
  /** Hears each event after the state. */
  hear(event: Event): void;
  signal: AbortSignal;
}

/** Before a server that cannot be reached is asked again, in ms. */
const pause = 500;

export function createFollowing({ client, store, hear, signal, ...options }: FollowOptions): Following {
  let sessionID = options.sessionID;
  let position: number | undefined;
  let round = new AbortController();
  let shown = Promise.withResolvers<void>();

  const lose = (reason: string) => store.dispatch({ type: "connection", connection: { state: "lost", reason } });
  const onConnection: EventsOptions["onConnection"] = (state, reason) => {
    if (state === "connecting" && reason !== undefined) lose("The server cannot be reached.");
  };

  async function load(): Promise<void> {
    const wanted = sessionID;
    const conversation = await loadConversation(client, wanted);
    if (wanted !== sessionID) return;
    store.dispatch({ type: "loaded", conversation });
    store.dispatch({ type: "connection", connection: { state: "open" } });
    shown.resolve();
  }

  /** Ends when another session is opened and when the connection was lost and is back: what is shown is then loaded anew. */
  async function followRound(): Promise<void> {
    position ??= await findPosition(client, { signal: round.signal, onConnection });
    if (round.signal.aborted) return;
    await load();
    let connections = 0;
    for await (const next of client.events({ after: position, signal: round.signal, onConnection })) {
      if (next.event.type === "server.connected" && ++connections > 1) return;
      position = next.position;
      store.dispatch({ type: "event", event: next.event });
      hear(next.event);
    }
  }

  async function recover(error: unknown): Promise<void> {
    if (signal.aborted) return;
    if (isNotFound(error) && sessionID !== undefined) {
      store.dispatch({ type: "toast", toast: { message: reasonOf(error), variant: "error" } });
      sessionID = undefined;
      return;
    }
    lose(reasonOf(error));
    // The store may be another one, which does not know the position.
    position = undefined;
    await sleep(pause, signal);
  }

  return {
    sessionID: () => sessionID,
    open(next) {
      sessionID = next;
      shown.resolve();
      shown = Promise.withResolvers();
      round.abort();
      return shown.promise;
    },
    async run() {
      while (!signal.aborted) {
        round = new AbortController();
        const end = () => round.abort();
        signal.addEventListener("abort", end, { once: true });
        await followRound().catch(recover);
        round.abort();
        signal.removeEventListener("abort", end);
      }
      shown.resolve();
    },
  };
}

/** The newest position; what is loaded after holds everything before it. */
async function findPosition(client: Client, options: EventsOptions): Promise<number | undefined> {
  for await (const event of client.events(options)) return event.position;
  return undefined;
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
