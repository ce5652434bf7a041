import { useEffect, useRef, useState } from "react";

interface Drawn {
  /** The messages that the list knows of. */
  drawn: readonly string[];
  /** There are none before them that are loaded. */
  isWhole: boolean;
  onScroll(): void;
  onScrollEnd(): void;
}

/** Which of the loaded messages are in the list. Those that come in before the first while somebody scrolls wait until they hold still: a list that grows under a moving wheel jumps. */
export function useDrawn(shown: readonly string[]): Drawn {
  const [first, setFirst] = useState(shown[0]);
  const isScrolling = useRef(false);
  // What was first may have been taken back since.
  const at = Math.max(0, first === undefined ? 0 : shown.indexOf(first));
  const earliest = shown[0];
  const frame = useRef<number>(undefined);
  const takeIn = () => {
    if (isScrolling.current || at === 0) return;
    cancelAnimationFrame(frame.current ?? 0);
    frame.current = requestAnimationFrame(() => setFirst(earliest));
  };
  useEffect(takeIn);
  useEffect(() => () => cancelAnimationFrame(frame.current ?? 0), []);
  return {
    drawn: at === 0 ? shown : shown.slice(at),
    isWhole: at === 0,
    onScroll() {
      isScrolling.current = true;
    },
    onScrollEnd() {
      isScrolling.current = false;
      takeIn();
    },
  };
}
