import { split } from "./text.ts";

/** A text that is being written, and the ones that were sent before. Pure: each function returns the editor after it. */
export interface Editor {
  text: string;
  /** Before which UTF-16 unit of the text the cursor stands. */
  cursor: number;
  history: string[];
  /** Which of the history is shown; undefined: the text is new. */
  recalled?: number;
  /** What stood there before the history was leafed through. */
  draft: string;
}

export const emptyEditor = (history: string[] = []): Editor => ({ text: "", cursor: 0, history, draft: "" });

export function insert(editor: Editor, text: string): Editor {
  const { cursor } = editor;
  return {
    ...editor,
    text: editor.text.slice(0, cursor) + text + editor.text.slice(cursor),
    cursor: cursor + text.length,
    recalled: undefined,
  };
}

export const setText = (editor: Editor, text: string): Editor => ({ ...editor, text, cursor: text.length, recalled: undefined });

/** Empty, the text being the newest of the history. */
export function sent(editor: Editor): Editor {
  const text = editor.text.trim();
  const history = text === "" || editor.history.at(-1) === text ? editor.history : [...editor.history, text];
  return emptyEditor(history);
}

export type Motion = "left" | "right" | "word-left" | "word-right" | "line-start" | "line-end" | "start" | "end";

export const move = (editor: Editor, motion: Motion): Editor => ({ ...editor, cursor: target(editor, motion) });

/** Deletes up to where the motion leads. */
export function erase(editor: Editor, motion: Motion): Editor {
  const [from, to] = [editor.cursor, target(editor, motion)].sort((a, b) => a - b) as [number, number];
  return { ...editor, text: editor.text.slice(0, from) + editor.text.slice(to), cursor: from, recalled: undefined };
}

/** A line up or down; from the first line into the history, from the last out of it. */
export function vertical(editor: Editor, by: -1 | 1): Editor {
  const { text, cursor } = editor;
  const start = lineStart(text, cursor);
  const end = lineEnd(text, cursor);
  if (by < 0 && start === 0) return recall(editor, -1);
  if (by > 0 && end === text.length) return recall(editor, 1);
  const column = cursor - start;
  const nextStart = by < 0 ? lineStart(text, start - 1) : end + 1;
  return { ...editor, cursor: Math.min(nextStart + column, lineEnd(text, nextStart)) };
}

function recall(editor: Editor, by: -1 | 1): Editor {
  const { history, recalled = history.length, text, draft } = editor;
  const next = recalled + by;
  if (next < 0 || next > history.length || recalled + by === recalled) return editor;
  const kept = recalled === history.length ? text : draft;
  const shown = history[next] ?? kept;
  return { ...editor, text: shown, cursor: shown.length, recalled: next === history.length ? undefined : next, draft: kept };
}

const lineStart = (text: string, at: number): number => (at <= 0 ? 0 : text.lastIndexOf("\n", at - 1) + 1);

function lineEnd(text: string, at: number): number {
  const end = text.indexOf("\n", at);
  return end < 0 ? text.length : end;
}

function target({ text, cursor }: Editor, motion: Motion): number {
  const [before, after] = [text.slice(0, cursor), text.slice(cursor)];
  if (motion === "left") return cursor - (split(before).at(-1)?.length ?? 0);
  if (motion === "right") return cursor + (split(after)[0]?.length ?? 0);
  if (motion === "word-left") return cursor - (/\S+\s*$|\s+$/.exec(before)?.[0].length ?? 0);
  if (motion === "word-right") return cursor + (/^\s*\S+|^\s+/.exec(after)?.[0].length ?? 0);
  if (motion === "line-start") return lineStart(text, cursor);
  if (motion === "line-end") return lineEnd(text, cursor);
  return motion === "start" ? 0 : text.length;
}
