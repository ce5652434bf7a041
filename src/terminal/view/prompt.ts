import type { Editor } from "../editor.ts";
import type { Canvas } from "../markdown.ts";
import { suggestions } from "../slash.ts";
import type { State } from "../state.ts";
import { clean, cut, pad, split, widthOf } from "../text.ts";

export interface Drawn {
  lines: string[];
  /** Where the cursor is in them. */
  cursor: { x: number; y: number };
}

const mostLines = 8;
const mostSuggestions = 6;

/** An editor as lines behind a mark; long ones show what is around the cursor. */
export function editorLines({ text, cursor }: Editor, { mark, width }: { mark: string; width: number }): Drawn {
  const indent = widthOf(mark);
  const rows = [""];
  let at = { x: 0, y: 0 };
  let offset = 0;
  for (const grapheme of [...split(text), ""]) {
    const shown = grapheme === "\n" ? "" : clean(grapheme);
    if (widthOf(rows.at(-1) ?? "") + widthOf(shown) > width - indent - 1) rows.push("");
    if (offset === cursor) at = { x: widthOf(rows.at(-1) ?? ""), y: rows.length - 1 };
    offset += grapheme.length;
    rows[rows.length - 1] += shown;
    if (grapheme === "\n") rows.push("");
  }
  const first = Math.max(0, Math.min(at.y - mostLines + 1, rows.length - mostLines));
  const lines = rows.slice(first, first + mostLines).map((row, index) => (first + index === 0 ? mark : " ".repeat(indent)) + row);
  return { lines, cursor: { x: at.x + indent, y: at.y - first } };
}

/** The slash commands that fit, above the prompt. */
export function suggestionLines(state: State, { width, theme }: Canvas): string[] {
  const found = suggestions(state);
  const from = Math.max(0, Math.min(state.suggestion - mostSuggestions + 1, found.length - mostSuggestions));
  const column = Math.max(...found.map(({ name }) => widthOf(name)), 0) + 3;
  return found.slice(from, from + mostSuggestions).map(({ name, description }, index) => {
    const line = cut(`${pad(` /${clean(name)}`, column)} ${clean(description).replaceAll("\n", " ")}`, width);
    return from + index === state.suggestion ? theme.inverse(pad(line, width)) : theme.dim(line);
  });
}
