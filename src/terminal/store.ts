import { type Action, reduce, type State } from "./state.ts";

export interface Store {
  state(): State;
  dispatch(action: Action): void;
  /** Calls back after changes, many at once together; returns what ends it. */
  subscribe(listener: () => void): () => void;
}

export function createStore(initial: State): Store {
  const listeners = new Set<() => void>();
  let state = initial;
  let isTold = true;

  function tell(): void {
    isTold = true;
    for (const listener of [...listeners]) listener();
  }

  return {
    state: () => state,
    dispatch(action) {
      const next = reduce(state, action);
      if (next === state) return;
      state = next;
      // A page of deltas is one picture.
      if (isTold) setImmediate(tell);
      isTold = false;
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
