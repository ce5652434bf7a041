import { useEffect, useLayoutEffect, useRef } from "react";

/** Something a user can do. The palette lists it, its keys run it, the sheet of shortcuts tells them. */
export interface Action {
  /** `session.stop`; unique. */
  id: string;
  title: string;
  /** What the palette lists it under. */
  group?: string;
  /** `mod+k` (Ctrl, or Cmd on a Mac), `shift+n`, `?`, or two after each other: `g i`. */
  keys?: string;
  /** Also while a text is being typed; with `mod` unless told otherwise. */
  whileTyping?: boolean;
  /** Runs again and again while its keys are held. An answer must not: what is asked next would get it unread. */
  repeats?: boolean;
  /** Left out of the palette: for keys alone. */
  isHidden?: boolean;
  run(): void;
}

const sources = new Set<() => Action[]>();

/** Offers the actions while the component is there. `make` is called when they are needed, so it may read what was rendered last. */
export function useActions(make: () => Action[]): void {
  // No effect event: the palette asks while it renders.
  const latest = useRef(make);
  useLayoutEffect(() => {
    latest.current = make;
  });
  useEffect(() => {
    const source = () => latest.current();
    sources.add(source);
    return () => void sources.delete(source);
  }, []);
}

/** Those that are offered now; of two with one id the newer. */
export function offeredActions(): Action[] {
  const byId = new Map([...sources].flatMap((source) => source()).map((action) => [action.id, action]));
  return [...byId.values()];
}
