import { useCallback } from "react";

/** So near to the end counts as at the end, in pixels. */
const near = 80;

/** Keeps the end of what grows in sight, unless the reader has scrolled away from it. */
export function useFollowedEnd(): (element: HTMLElement | null) => (() => void) | undefined {
  return useCallback((element: HTMLElement | null) => {
    if (element === null) return undefined;
    let isAtEnd = true;
    const look = () => {
      isAtEnd = element.scrollHeight - element.scrollTop - element.clientHeight < near;
    };
    const follow = () => {
      if (isAtEnd) element.scrollTop = element.scrollHeight;
    };
    const changes = new MutationObserver(follow);
    changes.observe(element, { childList: true, subtree: true, characterData: true });
    element.addEventListener("scroll", look, { passive: true });
    follow();
    return () => {
      changes.disconnect();
      element.removeEventListener("scroll", look);
    };
  }, []);
}
