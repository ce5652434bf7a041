import { type RefObject, useEffect, useState } from "react";

/** So near to the end counts as at the end, in pixels. */
const near = 60;
/** How people scroll by hand; further than a window they go by other ways too, as by the browser's search. */
const ways = ["wheel", "touchmove", "pointerdown", "keydown"] as const;
/** Milliseconds from a hand's doing to what comes of it. */
const lately = 1_000;

export interface Stick {
  toEnd(): void;
  /** Lets go, as when the reader is led elsewhere. */
  release(): void;
  /** Follows what becomes of the element's size and place; returns what ends it. */
  watch(element: HTMLElement): () => void;
}

/**
 * Keeps the end of what grows in sight until the reader scrolls up, and again from when they come back to it. `onChange` hears of both; it and the
 * scrolled element must stay the same while the component is there.
 */
export function useStick(scroller: RefObject<HTMLElement | null>, onChange: (isOn: boolean) => void): Stick {
  const [stick] = useState(() => createStick(onChange));
  useEffect(() => (scroller.current === null ? undefined : stick.watch(scroller.current)), [scroller, stick]);
  return stick;
}

function createStick(onChange: (isOn: boolean) => void): Stick {
  let isOn = true;
  let before = { top: 0, height: 0 };
  let watched: HTMLElement | undefined;
  let touched = Number.NEGATIVE_INFINITY;
  const touch = () => {
    touched = performance.now();
  };
  const set = (next: boolean) => {
    if (isOn !== next) onChange(next);
    isOn = next;
  };
  const follow = () => {
    if (!isOn || watched === undefined) return;
    watched.scrollTop = watched.scrollHeight;
    // That is told a frame later, and the reader may be quicker.
    before = { top: watched.scrollTop, height: watched.scrollHeight };
  };
  const look = () => {
    if (watched === undefined) return;
    const { scrollTop: top, scrollHeight: height, clientHeight } = watched;
    // What shrinks above moves the rest up by as much, and the list puts itself right by a little.
    const up = before.top - top - Math.max(0, before.height - height);
    const isReader = up > clientHeight || (up > 1 && performance.now() - touched < lately);
    before = { top, height };
    if (height - top - clientHeight < near) set(true);
    else if (isReader) set(false);
  };
  return {
    toEnd() {
      set(true);
      follow();
    },
    release: () => set(false),
    watch(element) {
      watched = element;
      const sizes = new ResizeObserver(follow);
      for (const one of [element, ...element.children]) sizes.observe(one);
      element.addEventListener("scroll", look, { passive: true });
      for (const way of ways) element.addEventListener(way, touch, { passive: true });
      follow();
      return () => {
        watched = undefined;
        sizes.disconnect();
        element.removeEventListener("scroll", look);
        for (const way of ways) element.removeEventListener(way, touch);
      };
    },
  };
}
