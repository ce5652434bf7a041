/** How people scroll by hand, and unfold what is folded; further than a window they go by other ways too, as by the browser's search. */
export const ways = ["wheel", "touchstart", "touchmove", "pointerdown", "keydown", "click"] as const;
type Way = "up" | "down";
const keys: Record<string, Way> = {
  ...{ ArrowUp: "up", PageUp: "up", Home: "up" },
  ...{ ArrowDown: "down", PageDown: "down", End: "down", " ": "down" },
};
/** Milliseconds from a hand's doing to what comes of it. */
const lately = 1_000;

export interface Hand {
  /** Where the event leads, as far as it tells. */
  note(event: Event): Way | undefined;
  /** Something may still scroll by it. */
  isBusy(): boolean;
  /** It went for what is above, and for nothing else since. */
  isGoingUp(): boolean;
  /** Whether something was folded or unfolded, which shows in what changes its size now; told once. */
  takeFolded(): boolean;
  /** What it did before counts no more. */
  rest(): void;
}

/** What a reader's hand does with what it scrolls. */
export function createHand(): Hand {
  const never = Number.NEGATIVE_INFINITY;
  const at = { touched: never, up: never, folded: never };
  const isLately = (moment: number) => performance.now() - moment < lately;
  const wayOf = createWayOf();
  return {
    note(event) {
      at.touched = performance.now();
      const way = wayOf(event);
      if (way !== undefined) at.up = way === "up" ? at.touched : never;
      if (event.type === "click" && isFold(event.target)) at.folded = at.touched;
      return way;
    },
    isBusy: () => isLately(at.touched),
    isGoingUp: () => isLately(at.up),
    takeFolded() {
      const isFolded = isLately(at.folded);
      at.folded = never;
      return isFolded;
    },
    rest() {
      at.up = never;
      at.folded = never;
    },
  };
}

/** A finger's way shows beside where it was before. */
function createWayOf(): (event: Event) => Way | undefined {
  let finger: number | undefined;
  return (event) => {
    if (event instanceof WheelEvent) return event.deltaY === 0 || event.ctrlKey ? undefined : event.deltaY < 0 ? "up" : "down";
    if (event instanceof KeyboardEvent) return event.key === " " && event.shiftKey ? "up" : keys[event.key];
    if (!isTouch(event)) return undefined;
    const before = event.type === "touchstart" ? undefined : finger;
    finger = event.touches[0]?.clientY;
    if (before === undefined || finger === undefined || finger === before) return undefined;
    return finger > before ? "up" : "down";
  };
}

/** Not every browser has the class. */
const isTouch = (event: Event): event is TouchEvent => "touches" in event;

/** A menu opens beside the text, and moves nothing. */
const isFold = (target: EventTarget | null): boolean =>
  target instanceof Element && target.closest("[aria-expanded]:not([aria-haspopup])") !== null;
