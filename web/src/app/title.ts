import { useEffect, useSyncExternalStore } from "react";
import { useLive } from "../live/hooks.ts";

let title = "";
const listeners = new Set<() => void>();

/** What the tab is called while the component is there. */
export function useTitle(name: string): void {
  useEffect(() => {
    title = name;
    for (const listener of listeners) listener();
  }, [name]);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Shows in the tab's title and on the app's icon how much waits for an answer. */
export function useBadge(): void {
  const name = useSyncExternalStore(subscribe, () => title);
  const waiting = useLive(({ permissions, questions }) => permissions.length + questions.length);
  useEffect(() => {
    document.title = `${waiting > 0 ? `(${waiting}) ` : ""}${name === "" ? "" : `${name} · `}Codeport`;
  }, [name, waiting]);
  useEffect(() => {
    // Not every browser has badges, nor lets every page set one; the title tells it too.
    navigator.setAppBadge?.(waiting).catch(() => {});
  }, [waiting]);
}
