import { reasonOf } from "./follow.ts";
import type { Live, LiveOptions } from "./live.ts";
import type { Action } from "./reduce.ts";
import type { State } from "./state.ts";

interface ConversationsOptions extends Pick<LiveOptions, "client"> {
  dispatch(action: Action): void;
  state(): State;
}

/** Messages that are loaded at a time. */
const page = 100;
/** Sessions that nobody looks at any more, and that are kept up for who comes back. */
const kept = 6;

/** The sessions that somebody looks at. */
export function createConversations({
  client,
  dispatch,
  state,
}: ConversationsOptions): Pick<Live, "open" | "loadOlder"> & { reload(): void } {
  /** How often each is opened; in the order in which they were left, for those that are not. */
  const counts = new Map<string, number>();
  const loadingOlder = new Map<string, Promise<void>>();

  async function load(sessionID: string): Promise<void> {
    dispatch({ type: "opening", sessionID });
    try {
      const [messages, todos] = await Promise.all([
        client.api.session.messages.query({ sessionID, limit: page }),
        client.api.session.todo.query({ sessionID }),
      ]);
      if (!counts.has(sessionID)) return;
      dispatch({ type: "opened", sessionID, messages, todos, older: messages.length === page });
    } catch (error) {
      if (counts.has(sessionID)) dispatch({ type: "failed", sessionID, reason: reasonOf(error) });
    }
  }

  function forgetOld(): void {
    const left = [...counts].filter(([, count]) => count === 0).map(([sessionID]) => sessionID);
    for (const sessionID of left.slice(0, -kept)) {
      counts.delete(sessionID);
      dispatch({ type: "closed", sessionID });
    }
  }

  async function loadPage(sessionID: string): Promise<void> {
    const [before] = state().conversations[sessionID]?.order ?? [];
    if (before === undefined) return;
    const messages = await client.api.session.messages.query({ sessionID, limit: page, before });
    dispatch({ type: "older", sessionID, messages, older: messages.length === page });
  }

  return {
    open(sessionID) {
      counts.set(sessionID, (counts.get(sessionID) ?? 0) + 1);
      const known = state().conversations[sessionID];
      // Before the events are followed, what is loaded would miss those in between.
      if (!state().loaded) dispatch({ type: "opening", sessionID });
      else if (known === undefined || known.state === "failed") void load(sessionID);
      let isOpen = true;
      return () => {
        if (!isOpen) return;
        isOpen = false;
        const count = (counts.get(sessionID) ?? 1) - 1;
        counts.delete(sessionID);
        counts.set(sessionID, count);
        forgetOld();
      };
    },
    loadOlder(sessionID) {
      const running = loadingOlder.get(sessionID) ?? loadPage(sessionID).finally(() => loadingOlder.delete(sessionID));
      loadingOlder.set(sessionID, running);
      return running;
    },
    reload() {
      for (const sessionID of Object.keys(state().conversations)) dispatch({ type: "closed", sessionID });
      for (const sessionID of counts.keys()) void load(sessionID);
    },
  };
}
