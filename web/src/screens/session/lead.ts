import { type RefObject, useEffect, useState } from "react";
import type { VirtualizerHandle } from "virtua";

export interface Lead {
  /** Brings the message of this place in the list to the top. */
  to(index: number): void;
  /** Leads nowhere any more. */
  end(): void;
}

/** Frames that something must stand where it belongs, and after which it is left where it is. */
const frames = { still: 3, most: 30 };

/**
 * Leads to a message of the list, of which the sizes are known only once it is in sight. The list's own way to do so goes on for as long as anything
 * in sight changes its size, as an answer that is written does, and takes the reader back whatever they do meanwhile.
 */
export function useLead(scroller: RefObject<HTMLElement | null>, list: RefObject<VirtualizerHandle | null>): Lead {
  const [lead] = useState(() => createLead(scroller, list));
  useEffect(() => lead.end, [lead]);
  return lead;
}

function createLead(scroller: RefObject<HTMLElement | null>, list: RefObject<VirtualizerHandle | null>): Lead {
  let frame = 0;
  const end = () => cancelAnimationFrame(frame);
  /** Whether it was there already. */
  const put = (index: number): boolean => {
    const element = scroller.current;
    if (element === null || list.current === null) return true;
    const wanted = Math.min(list.current.getItemOffset(index), element.scrollHeight - element.clientHeight);
    const isThere = Math.abs(element.scrollTop - wanted) <= 1;
    if (!isThere) element.scrollTop = wanted;
    return isThere;
  };
  return {
    end,
    to(index) {
      end();
      const go = (still: number, left: number) => {
        const now = put(index) ? still + 1 : 0;
        if (now < frames.still && left > 0) frame = requestAnimationFrame(() => go(now, left - 1));
      };
      go(0, frames.most);
    },
  };
}
