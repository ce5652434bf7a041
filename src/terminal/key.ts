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

/**
 * What was typed, as keys. Over a slow line several keys come as one: `hello` and the Enter after it. More lines than that were pasted, and
 * nobody wants each of them sent.
 */
export function toKeys(input: string, key: InkKey): Key[] {
  if (input.length < 2 || !/\p{Cc}/u.test(input) || key.ctrl || key.meta) return [toKey(input, key)];
  const isPasted = /[\r\n]\P{Cc}/u.test(input);
  const pieces = (isPasted ? input.replace(/\r\n?/g, "\n") : input).match(/\P{Cc}+|\p{Cc}/gu) ?? [];
  return pieces.map((piece) => ofCharacter(piece));
}

function ofCharacter(piece: string): Key {
  const code = piece.charCodeAt(0);
  const name = characters[piece];
  if (name !== undefined) return pressed(name);
  return code < 32 ? { ...typed(String.fromCharCode(code + 96)), ctrl: true } : typed(piece);
}

const characters: Record<string, KeyName> = {
  "\r": "enter",
  "\n": "newline",
  "\t": "tab",
  "\u007f": "backspace",
  "\b": "backspace",
  "\u001b": "escape",
};

/** Alt-Enter, Shift-Enter (where the terminal tells it) and Ctrl-J begin a new line. */
function toKey(input: string, key: InkKey): Key {
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
