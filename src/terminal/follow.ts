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
  /** Hears each event after the state; `server.connected` with every connection. */
  hear(event: Event): void;
  signal: AbortSignal;
}

/** Before a server that cannot be reached is asked again, in ms. */
const pause = 500;

/** What is told to terminal clients is not stored: whoever does not listen misses it. */
const isForTerminals = ({ type }: Event): boolean => type.startsWith("tui.");

/**
 * Two subscriptions: one never ends, so that nothing that is told to terminal clients is missed; the other is taken up anew with each session,
 * since only then the parts that are being written are told whole.
 */
export function createFollowing({ client, store, hear, signal, ...options }: FollowOptions): Following {
  let sessionID = options.sessionID;
  let position = 0;
  let round = new AbortController();
  let shown = Promise.withResolvers<void>();
  const connected = Promise.withResolvers<void>();
  const lose = (reason: string) => store.dispatch({ type: "connection", connection: { state: "lost", reason } });
  const onConnection = whenLost(() => lose("The server cannot be reached."));

  function tell(event: Event): void {
    store.dispatch({ type: "event", event });
    hear(event);
  }

  /** With each connection, the session is loaded anew. */
  async function listen(): Promise<void> {
    for await (const next of client.events({ signal, onConnection })) {
      position = next.position;
      if (isForTerminals(next.event)) tell(next.event);
      if (next.event.type !== "server.connected") continue;
      hear(next.event);
      connected.resolve();
      round.abort();
    }
  }

  async function load(): Promise<void> {
    const wanted = sessionID;
    const conversation = await loadConversation(client, wanted);
    if (round.signal.aborted || wanted !== sessionID) return;
    store.dispatch({ type: "loaded", conversation });
    store.dispatch({ type: "connection", connection: { state: "open" } });
    shown.resolve();
  }

  async function followSession(): Promise<void> {
    await connected.promise;
    round = new AbortController();
    const after = position;
    await load();
    if (round.signal.aborted || signal.aborted) return;
    for await (const { event } of client.events({ after, signal: AbortSignal.any([signal, round.signal]) })) {
      if (!isForTerminals(event) && event.type !== "server.connected") tell(event);
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
      signal.addEventListener("abort", () => connected.resolve(), { once: true });
      await Promise.all([listen, followSession].map((work) => repeat(work, { recover, signal })));
      shown.resolve();
    },
  };
}

/** The first time it connects is none. */
function whenLost(told: () => void): EventsOptions["onConnection"] {
  return (state, reason) => {
    if (state === "connecting" && reason !== undefined) told();
  };
}

async function repeat(
  work: () => Promise<void>,
  { recover, signal }: { recover(error: unknown): Promise<void>; signal: AbortSignal },
): Promise<void> {
  while (!signal.aborted) await work().catch(recover);
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
