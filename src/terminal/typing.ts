import { type Editor, erase, insert, move, vertical } from "./editor.ts";
import type { Key } from "./key.ts";

type Change = (editor: Editor) => Editor;

const named: Partial<Record<Key["name"], Change>> = {
  newline: (editor) => insert(editor, "\n"),
  backspace: (editor) => erase(editor, "left"),
  delete: (editor) => erase(editor, "right"),
  left: (editor) => move(editor, "left"),
  right: (editor) => move(editor, "right"),
  home: (editor) => move(editor, "line-start"),
  end: (editor) => move(editor, "line-end"),
  up: (editor) => vertical(editor, -1),
  down: (editor) => vertical(editor, 1),
};

/** With Ctrl, as in every shell. */
const controlled: Record<string, Change> = {
  a: (editor) => move(editor, "line-start"),
  e: (editor) => move(editor, "line-end"),
  b: (editor) => move(editor, "left"),
  f: (editor) => move(editor, "right"),
  p: (editor) => vertical(editor, -1),
  n: (editor) => vertical(editor, 1),
  h: (editor) => erase(editor, "left"),
  d: (editor) => erase(editor, "right"),
  w: (editor) => erase(editor, "word-left"),
  u: (editor) => erase(editor, "line-start"),
  k: (editor) => erase(editor, "line-end"),
};

/** With Alt, or Ctrl on an arrow. */
const byWord: Record<string, Change> = {
  left: (editor) => move(editor, "word-left"),
  right: (editor) => move(editor, "word-right"),
  b: (editor) => move(editor, "word-left"),
  f: (editor) => move(editor, "word-right"),
  d: (editor) => erase(editor, "word-right"),
  backspace: (editor) => erase(editor, "word-left"),
};

/** The editor after the key; undefined for a key that writes and moves nothing. */
export function edit(editor: Editor, key: Key): Editor | undefined {
  const name = key.name === "text" ? key.text : key.name;
  if (key.meta || (key.ctrl && key.name !== "text")) return (byWord[name] ?? named[key.name])?.(editor);
  if (key.ctrl) return controlled[name]?.(editor);
  if (key.name === "text") return key.text === "" ? undefined : insert(editor, key.text);
  return named[key.name]?.(editor);
}
