import { type Action, reduce, type State } from "./state.ts";

export interface Store {
  state(): State;
  dispatch(action: Action): void;
  /** Calls back after changes, many at once together; returns what ends it. */
  subscribe(listener: () => void): () => void;
}

/** Between two pictures, in ms. */
const interval = 16;

export function createStore(initial: State): Store {
  const listeners = new Set<() => void>();
  let state = initial;
  let isTold = true;
  let last = 0;

  function tell(): void {
    isTold = true;
    last = performance.now();
    for (const listener of [...listeners]) listener();
  }

  return {
    state: () => state,
    dispatch(action) {
      const next = reduce(state, action);
      if (next === state) return;
      state = next;
      // A page of deltas is one picture; a key after a pause is seen at once.
      if (isTold) setTimeout(tell, Math.max(0, last + interval - performance.now()));
      isTold = false;
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
