import { type RefObject, useEffect, useState } from "react";
import { createHand, ways } from "./hand.ts";

/** So near to the end counts as at the end, in pixels. */
const near = 60;

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
  const hand = createHand();
  const set = (next: boolean) => {
    if (isOn !== next) onChange(next);
    isOn = next;
  };
  const follow = () => {
    if (watched === undefined) return;
    const grown = watched.scrollHeight - before.height;
    // What was folded again may leave the reader at the end, and nothing scrolled.
    if (!isOn && grown < 0 && gapOf(watched) <= 1) set(true);
    before.height = watched.scrollHeight;
    if (!isOn) return;
    // Who unfolds something reads on from there, and what they pressed stays where it was. It shows in what grows, maybe not in the first look.
    if (grown !== 0 && hand.takeFolded() && gapOf(watched) > 1) return set(false);
    watched.scrollTop = watched.scrollHeight;
    // That is told a frame later, and the reader may be quicker.
    before = { top: watched.scrollTop, height: watched.scrollHeight };
  };
  const toEnd = () => {
    hand.rest();
    set(true);
    follow();
  };
  const look = () => {
    if (watched === undefined) return;
    const { scrollTop: top, scrollHeight: height, clientHeight } = watched;
    const isNear = gapOf(watched) < near;
    // What shrinks above moves the rest up by as much, and the list puts itself right by a little.
    const up = before.top - top - Math.max(0, before.height - height);
    before = { top, height };
    // Where it has just been moved down, the list goes on with what grows for a moment, against the hand.
    if (isNear && up < 0 && !hand.isGoingUp()) set(true);
    else if (up > clientHeight || (up > 1 && hand.isBusy() && !isNear)) set(false);
  };
  const heed = (event: Event) => {
    const isUp = hand.note(event) === "up";
    // By the time a slow hand or a smooth browser is there, the end has moved on.
    if (isUp && watched !== undefined && canScrollUp(event.target, watched)) set(false);
    if (event instanceof KeyboardEvent && event.key === "End" && event.target === watched) toEnd();
  };
  return {
    toEnd,
    release: () => set(false),
    watch(element) {
      watched = element;
      const sizes = new ResizeObserver(follow);
      for (const one of [element, ...element.children]) sizes.observe(one);
      element.addEventListener("scroll", look, { passive: true });
      for (const way of ways) element.addEventListener(way, heed, { passive: true });
      follow();
      return () => {
        watched = undefined;
        sizes.disconnect();
        element.removeEventListener("scroll", look);
        for (const way of ways) element.removeEventListener(way, heed);
      };
    },
  };
}

const gapOf = ({ scrollHeight, scrollTop, clientHeight }: Element): number => scrollHeight - scrollTop - clientHeight;

/** Whether it is this element that goes up, and not one inside it that scrolls by itself. */
function canScrollUp(target: EventTarget | null, scroller: Element): boolean {
  let at = target instanceof Element ? target : scroller;
  while (at !== scroller && at.parentElement !== null) {
    if (at.scrollTop > 0) return false;
    at = at.parentElement;
  }
  return scroller.scrollTop > 0;
}
