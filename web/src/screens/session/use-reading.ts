import { getRouteApi, useRouter } from "@tanstack/react-router";
import { type RefObject, useEffect, useLayoutEffect, useRef } from "react";
import type { VirtualizerHandle } from "virtua";
import { toast, toastFault } from "../../app/toasts.ts";
import { useLiveStore } from "../../live/hooks.ts";
import { useLead } from "./lead.ts";
import { takeSent } from "./sent.ts";
import { useStick } from "./stick.ts";

const route = getRouteApi("/session/$sessionID");
/** So near to the beginning earlier messages are asked for, in pixels. */
const near = 600;

interface ReadingOptions {
  sessionID: string;
  shown: readonly string[];
  /** There are messages before those shown that can be loaded. */
  older: boolean;
  /** All messages that there are are shown. */
  isComplete: boolean;
  onEnd(isAtEnd: boolean): void;
}

interface Reading {
  scroller: RefObject<HTMLElement | null>;
  list: RefObject<VirtualizerHandle | null>;
  /** Messages came in at the beginning with this rendering: what is read stays where it is. */
  isShifted: boolean;
  /** The message that the address leads to. */
  marked?: string;
  look(offset: number): void;
  jump(messageID: string): void;
  toEnd(): void;
}

/** Where in the conversation the reader is: at its end, as it grows; at the message of the address; or where they scrolled. */
export function useReading({ sessionID, shown, older, isComplete, onEnd }: ReadingOptions): Reading {
  const scroller = useRef<HTMLElement>(null);
  const list = useRef<VirtualizerHandle>(null);
  const live = useLiveStore();
  const router = useRouter();
  const { message: marked } = route.useSearch();
  const stick = useStick(scroller, onEnd);
  const lead = useLead(scroller, list);
  const isShifted = useShift(shown);
  const loadOlder = () => void (older && live.loadOlder(sessionID).catch(toastFault));
  const toEnd = () => {
    if (marked !== undefined) void router.navigate({ to: "/session/$sessionID", params: { sessionID }, search: {}, replace: true });
    lead.end();
    stick.toEnd();
  };
  const reached = useRef<string>(undefined);
  useLayoutEffect(() => {
    if (marked === undefined || reached.current === marked) return;
    const at = shown.indexOf(marked);
    if (at === -1 && !isComplete) {
      stick.release();
      return loadOlder();
    }
    reached.current = marked;
    if (at === -1) {
      toast("The message that the address leads to is not in this session (any more)");
      return toEnd();
    }
    stick.release();
    lead.to(at);
  });
  useEffect(() => {
    // Too little for a bar to scroll with: then nothing would ever ask for more.
    const element = scroller.current;
    if (older && element !== null && element.scrollHeight <= element.clientHeight) loadOlder();
  });
  useOwnPrompt(shown, toEnd);
  return {
    scroller,
    list,
    isShifted,
    marked,
    look: (offset) => void (offset < near && loadOlder()),
    jump(messageID) {
      reached.current = undefined;
      const search = { message: messageID };
      void router.navigate({ to: "/session/$sessionID", params: { sessionID }, search, replace: true });
      if (messageID === marked) lead.to(shown.indexOf(messageID));
      stick.release();
    },
    toEnd,
  };
}

/** Whether messages were put before the first of the rendering before. */
function useShift(shown: readonly string[]): boolean {
  const first = useRef(shown[0]);
  const isShifted = first.current !== undefined && shown[0] !== first.current && shown.indexOf(first.current) > 0;
  useLayoutEffect(() => {
    first.current = shown[0];
  });
  return isShifted;
}

/** Whoever says something wants to see what comes of it. What others say leaves readers where they are. */
function useOwnPrompt(shown: readonly string[], onPrompt: () => void): void {
  const isOpen = useRef(false);
  useEffect(() => {
    const isSaid = takeSent(shown);
    if (isSaid && isOpen.current) onPrompt();
    isOpen.current = true;
  }, [shown, onPrompt]);
}
