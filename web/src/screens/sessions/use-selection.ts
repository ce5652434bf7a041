import { useState } from "react";

export interface Selection {
  ids: ReadonlySet<string>;
  toggle(id: string): void;
  set(ids: Iterable<string>): void;
}

/** Of what is shown, what is chosen; what is shown no longer is not. */
export function useSelection(shown: readonly string[]): Selection {
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const ids = new Set(shown.filter((id) => chosen.has(id)));
  return {
    ids,
    toggle: (id) => setChosen(ids.has(id) ? new Set([...ids].filter((other) => other !== id)) : new Set([...ids, id])),
    set: (next) => setChosen(new Set(next)),
  };
}
