/** A key as the terminal client knows it; `text` is what it types, if it types anything. */
export interface Key {
  name: KeyName;
  text: string;
  ctrl: boolean;
  meta: boolean;
  shift: boolean;
}

export type KeyName =
  | "text"
  | "enter"
  | "newline"
  | "escape"
  | "tab"
  | "backspace"
  | "delete"
  | "up"
  | "down"
  | "left"
  | "right"
  | "home"
  | "end"
  | "pageup"
  | "pagedown";

/** What Ink says about a key. */
export interface InkKey {
  upArrow: boolean;
  downArrow: boolean;
  leftArrow: boolean;
  rightArrow: boolean;
  pageDown: boolean;
  pageUp: boolean;
  home: boolean;
  end: boolean;
  return: boolean;
  escape: boolean;
  ctrl: boolean;
  shift: boolean;
  tab: boolean;
  backspace: boolean;
  delete: boolean;
  meta: boolean;
}

const names: [keyof InkKey, KeyName][] = [
  ["upArrow", "up"],
  ["downArrow", "down"],
  ["leftArrow", "left"],
  ["rightArrow", "right"],
  ["pageUp", "pageup"],
  ["pageDown", "pagedown"],
  ["home", "home"],
  ["end", "end"],
  ["escape", "escape"],
  ["tab", "tab"],
  ["backspace", "backspace"],
  ["delete", "delete"],
];

/** Alt-Enter, Shift-Enter (where the terminal tells it) and Ctrl-J begin a new line. */
export function toKey(input: string, key: InkKey): Key {
  const { ctrl, meta, shift } = key;
  const modifiers = { ctrl, meta, shift };
  if (key.return) return { name: meta || shift ? "newline" : "enter", text: "", ...modifiers };
  if (input === "\n" || (ctrl && input === "j")) return { name: "newline", text: "", ...modifiers };
  const name = names.find(([flag]) => key[flag])?.[1];
  return name === undefined ? { name: "text", text: input, ...modifiers } : { name, text: "", ...modifiers };
}

export const typed = (text: string): Key => ({ name: "text", text, ctrl: false, meta: false, shift: false });
export const pressed = (name: KeyName, modifiers: Partial<Pick<Key, "ctrl" | "meta" | "shift" | "text">> = {}): Key => ({
  ...typed(""),
  ...modifiers,
  name,
});
