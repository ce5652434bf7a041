import type { Canvas } from "../markdown.ts";
import { matches, type Picker } from "../picker.ts";
import { cleanLine, cut, pad, widthOf } from "../text.ts";
import { type Drawn, editorLines } from "./prompt.ts";

/** A list to choose from, in that many lines. */
export function pickerLines(picker: Picker, height: number, { width, theme }: Canvas): Drawn {
  const found = matches(picker);
  const filter = editorLines(picker.filter, { mark: "Find: ", width });
  const head = [theme.bold(theme.accent(cut(picker.title, width))), ...filter.lines];
  const room = Math.max(1, height - head.length - 1);
  const from = Math.max(0, Math.min(picker.index - Math.floor(room / 2), found.length - room));
  const rows = found.slice(from, from + room).map(({ label, hint = "" }, index) => {
    const text = cut(` ${cleanLine(label)}`, width);
    const beside = cut(cleanLine(hint), width - widthOf(text) - 2);
    const line = beside === "" ? text : `${text}  ${theme.dim(beside)}`;
    return from + index === picker.index ? theme.inverse(pad(line, width)) : line;
  });
  const none = found.length === 0 ? [theme.dim(" Nothing fits.")] : [];
  const end = theme.dim(cut(`${found.length} of ${picker.items.length} · Enter chooses, Esc closes`, width));
  return { lines: [...head, ...rows, ...none, end], cursor: { x: filter.cursor.x, y: filter.cursor.y + 1 } };
}
