import { useEffect } from "react";
import { type Action, offeredActions } from "./actions.ts";

const isMac = /mac|iphone|ipad/i.test(navigator.userAgent);
/** Between two keys of a sequence, in ms. */
const sequence = 1_000;

/** Runs actions by their keys. */
export function useKeys(): void {
  useEffect(() => {
    let before = { key: "", at: 0 };
    function press(event: KeyboardEvent): void {
      if (event.defaultPrevented || event.isComposing || ["Shift", "Control", "Alt", "Meta"].includes(event.key)) return;
      const key = nameOf(event);
      const both = event.timeStamp - before.at < sequence ? `${before.key} ${key}` : undefined;
      before = { key, at: event.timeStamp };
      const typing = isTyping(event.target);
      const fits = ({ whileTyping, keys }: Action) => !typing || (whileTyping ?? keys?.includes("mod+"));
      const actions = offeredActions().filter((action) => action.keys !== undefined && fits(action));
      const action = actions.find(({ keys }) => keys === both) ?? actions.find(({ keys }) => keys === key);
      if (action === undefined) return;
      event.preventDefault();
      if (!event.repeat || action.repeats) action.run();
    }
    addEventListener("keydown", press);
    return () => removeEventListener("keydown", press);
  }, []);
}

function nameOf({ key, ctrlKey, metaKey, altKey, shiftKey }: KeyboardEvent): string {
  const name = key === " " ? "space" : key.length === 1 ? key.toLowerCase() : key.toLowerCase();
  // A sign such as ? has its shift in it already.
  const isShifted = shiftKey && (key.length > 1 || /[a-z]/i.test(key));
  const isMod = isMac ? metaKey : ctrlKey;
  return [isMod && "mod", altKey && "alt", isShifted && "shift", name].filter(Boolean).join("+");
}

/** In a window or a menu over the page keys are its own, too. */
function isTyping(target: EventTarget | null): boolean {
  if (target instanceof Element && target.closest("[role=dialog], [role=menu]") !== null) return true;
  return target instanceof HTMLElement && (target.isContentEditable || /^(input|textarea|select)$/i.test(target.tagName));
}

/** Keys as people know them: `⌘K`, `Ctrl+K`, `G then I`. */
export function shownKeys(keys: string): string {
  const word = (part: string) => {
    if (part === "mod") return isMac ? "⌘" : "Ctrl";
    return part.length === 1 ? part.toUpperCase() : part[0]?.toUpperCase() + part.slice(1);
  };
  return keys
    .split(" ")
    .map((press) =>
      press
        .split("+")
        .map(word)
        .join(isMac ? "" : "+"),
    )
    .join(" then ");
}
