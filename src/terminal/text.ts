import { stripVTControlCharacters } from "node:util";
import stringWidth from "string-width";
import wrapAnsi from "wrap-ansi";

const controls = /(?!\n)\p{Cc}/gu;
/** They turn the order of what is read round, so that a command looks like another. */
const directions = /\p{Bidi_Control}/gu;
const graphemes = new Intl.Segmenter();

/** Text of others as it may reach the terminal: nothing in it moves the cursor, colours, or speaks to the terminal. */
export function clean(text: string): string {
  return stripVTControlCharacters(text.replaceAll("\r\n", "\n")).replaceAll("\t", "  ").replace(controls, "").replace(directions, "");
}

/** As `clean`, on one line. */
export const cleanLine = (text: string): string =>
  clean(text)
    .replace(/\s*\n\s*/g, " ")
    .trim();

/** Columns that the text takes in a terminal, without its styles. */
export const widthOf = (text: string): number => stringWidth(text);

/** The lines of the text at this width, broken between words where that is possible. */
export const wrap = (text: string, width: number): string[] => wrapAnsi(text, Math.max(1, width), { hard: true }).split("\n");

/** As `wrap`, for text whose blanks mean something: broken anywhere. */
export function wrapExactly(text: string, width: number): string[] {
  return wrapAnsi(text, Math.max(1, width), { hard: true, trim: false, wordWrap: false }).split("\n");
}

/** Unstyled text cut to the width, with an ellipsis. */
export function cut(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  let kept = "";
  let columns = 0;
  for (const grapheme of split(text)) {
    columns += widthOf(grapheme);
    if (columns > width - 1) break;
    kept += grapheme;
  }
  return width < 1 ? "" : `${kept}…`;
}

/** What a person sees as one character each. */
export const split = (text: string): string[] => [...graphemes.segment(text)].map(({ segment }) => segment);

export const pad = (text: string, width: number): string => text + " ".repeat(Math.max(0, width - widthOf(text)));

/** The last lines, and how many are before them. */
export function tail(lines: string[], count: number): { hidden: number; lines: string[] } {
  return { hidden: Math.max(0, lines.length - count), lines: lines.slice(-count) };
}
