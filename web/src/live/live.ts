import type { Client, Event, ListedSession, StreamedEvent } from "../../../src/client/client.ts";
import { coalesced } from "./conversation.ts";
import { createConversations } from "./conversations.ts";
import { createFollowing } from "./follow.ts";
import { type Action, reduce } from "./reduce.ts";
import { emptyState, type State } from "./state.ts";

export type { Conversation, SessionFault, State } from "./state.ts";

export interface LiveOptions {
  client: Pick<Client, "api" | "events">;
  /** Runs it soon, with other changes of the moment: at the next frame of the page. */
  schedule(run: () => void): void;
  /** The server does not let this page in (any more). */
  onRefused(): void;
}

/** What goes on at the server, kept up by one subscription over all directories, through lost connections and restarts of the server. */
export interface Live {
  state(): State;
  /** Calls back after changes, at most once a frame; returns what ends it. */
  subscribe(listener: () => void): () => void;
  /** Hears each event as it comes; returns what ends it. */
  hear(listener: (event: StreamedEvent) => void): () => void;
  /** Loads a session's newest messages and keeps them up; returns what ends it. The same session may be opened many times. */
  open(sessionID: string): () => void;
  /** Loads a session's newest messages for who opens it next. */
  loadAhead(sessionID: string): void;
  /** Loads the messages before the first. */
  loadOlder(sessionID: string): Promise<void>;
  /** Takes in sessions that were listed by `session.all`: what was told of them by events holds before that. */
  list(items: readonly ListedSession[]): void;
  /** Asks for more of the older sessions. */
  loadMore(): Promise<void>;
  /** Runs until the signal aborts. */
  run(signal: AbortSignal): Promise<void>;
}

export function createLive(options: LiveOptions): Live {
  const listeners = new Set<() => void>();
  const hearers = new Set<(event: StreamedEvent) => void>();
  let state = emptyState;
  let waiting: Event[] = [];
  let isScheduled = false;

  function flush(): void {
    isScheduled = false;
    const events = coalesced(waiting);
    waiting = [];
    if (events.length > 0) state = reduce(state, { type: "events", events, at: Date.now() });
    for (const listener of [...listeners]) listener();
  }

  function later(): void {
    if (isScheduled) return;
    isScheduled = true;
    options.schedule(flush);
  }

  /** At once, after the events that came before it. */
  function dispatch(action: Action): void {
    if (waiting.length > 0) state = reduce(state, { type: "events", events: coalesced(waiting), at: Date.now() });
    waiting = [];
    state = reduce(state, action);
    later();
  }

  function tell(streamed: StreamedEvent): void {
    waiting.push(streamed.event);
    for (const hearer of [...hearers]) hearer(streamed);
    later();
  }

  const shared = { ...options, dispatch, state: () => state };
  const conversations = createConversations(shared);
  const following = createFollowing({ ...shared, tell, onReset: conversations.reload });
  return {
    state: () => state,
    subscribe: (listener) => added(listeners, listener),
    hear: (listener) => added(hearers, listener),
    list: (items) => dispatch({ type: "listed", items }),
    open: conversations.open,
    loadAhead: (sessionID) => conversations.open(sessionID)(),
    loadOlder: conversations.loadOlder,
    ...following,
  };
}

function added<Item>(items: Set<Item>, item: Item): () => void {
  items.add(item);
  return () => items.delete(item);
}
