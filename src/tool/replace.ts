import { AppError } from "../schema/error.ts";
import { reindentation } from "./indentation.ts";
import { findAnchored, findLines, type Match } from "./line-match.ts";
import { nearestLines } from "./nearest.ts";
import { lineEnding, withLineEnding } from "./text-file.ts";

export interface Replacement {
  oldString: string;
  newString: string;
  replaceAll: boolean;
}

export interface Replaced {
  text: string;
  /** What differed between the text looked for and the one replaced; nothing when they were the same. */
  differs?: string;
}

/**
 * Replaces text that occurs exactly once (or everywhere, with `replaceAll`). Where it does not occur as it is, whole lines that differ
 * from it in spacing are taken, then those that differ in a slip between two right lines; each only if there is one such place, and
 * the new lines get the file's indentation. The new text gets the text's kind of line end. Throws BadRequest that says why it cannot apply.
 */
export function replaceText(text: string, change: Replacement, file: string): Replaced {
  const { wanted, replacement } = inLineEndingOf(text, change);
  const places = occurrences(text, wanted);
  if (places.length === 0) return replaceLines(text, change, file);
  if (change.replaceAll) return { text: text.split(wanted).join(replacement) };
  const [place = 0] = places;
  if (places.length > 1) throw foundOften(linesOf(text, places), file, "");
  return { text: text.slice(0, place) + replacement + text.slice(place + wanted.length) };
}

function inLineEndingOf(text: string, { oldString, newString }: Replacement): { wanted: string; replacement: string } {
  const windows = withLineEnding(oldString, "\r\n");
  const candidates = [oldString, windows, withLineEnding(oldString, "\n")];
  const wanted = candidates.find((candidate) => text.includes(candidate)) ?? oldString;
  const ending = wanted.includes("\n") ? (wanted === windows ? "\r\n" : "\n") : lineEnding(text);
  return { wanted, replacement: ending === "\r\n" ? withLineEnding(newString, "\r\n") : newString };
}

function occurrences(text: string, wanted: string): number[] {
  const places: number[] = [];
  for (let at = text.indexOf(wanted); at !== -1; at = text.indexOf(wanted, at + 1)) places.push(at);
  return places;
}

/** The line of each place, counted from 1. The places are in order. */
function linesOf(text: string, places: number[]): number[] {
  let line = 1;
  let at = 0;
  return places.map((place) => {
    for (let next = text.indexOf("\n", at); next !== -1 && next < place; next = text.indexOf("\n", next + 1)) {
      line++;
      at = next + 1;
    }
    return line;
  });
}

function replaceLines(text: string, change: Replacement, file: string): Replaced {
  const rows: string[] = [...(text.match(/[^\n]*\n|[^\n]+$/g) ?? [])];
  const lines = rows.map((row) => row.replace(/\r?\n$/, ""));
  const wanted = linesIn(change.oldString);
  const matches = findLines(lines, wanted);
  const found = matches.length > 0 ? matches : change.replaceAll ? [] : findAnchored(lines, wanted);
  const [first] = found;
  if (first === undefined) throw notFound(lines, change.oldString, file);
  if (found.length > 1 && !change.replaceAll)
    throw foundOften(
      found.map(({ from }) => from + 1),
      file,
      first.differs,
    );
  const replaced = found.toReversed().reduce((all, match) => replaceStretch(all, match, { change, lines, wanted, file }), rows);
  return { text: replaced.join(""), differs: first.differs };
}

/** Puts the new text in the place of a stretch of rows; rows carry their line ends. */
function replaceStretch(
  rows: string[],
  { from, to }: Match,
  context: { change: Replacement; lines: string[]; wanted: string[]; file: string },
): string[] {
  const { change, lines, wanted, file } = context;
  const reindent = reindentation(wanted, lines.slice(from, to));
  if (reindent === undefined) throw notFound(lines, change.oldString, file);
  const last = rows[to - 1] ?? "";
  const ending = /\r?\n$/.exec(last)?.[0] ?? "";
  const added = change.newString.split(/\r?\n/).map(reindent).join("\n");
  const whole = change.oldString.endsWith("\n") ? added : added + ending;
  const isWindows = rows.slice(from, to).some((row) => row.endsWith("\r\n"));
  return [...rows.slice(0, from), withLineEnding(whole, isWindows ? "\r\n" : "\n"), ...rows.slice(to)];
}

function linesIn(text: string): string[] {
  const lines = text.split(/\r?\n/);
  if (lines.length > 1 && lines.at(-1) === "") lines.pop();
  return lines;
}

function foundOften(lines: number[], file: string, differs: string): AppError {
  const shown = lines.slice(0, 10).join(", ") + (lines.length > 10 ? ", …" : "");
  const how =
    differs === "" ? `was found ${lines.length} times` : `was not found as it is, and ${lines.length} times with other ${differs},`;
  return new AppError(
    "BadRequest",
    `oldString ${how} in ${file} (lines ${shown}). Add surrounding lines to oldString to make it unique, or set replaceAll to true to change all of them.`,
  );
}

function notFound(lines: string[], oldString: string, file: string): AppError {
  const start = `oldString was not found in ${file}.`;
  const wanted = linesIn(oldString);
  const bare = wanted.map((line) => line.replace(/^\s*\d+: /, ""));
  if (wanted.some((line, index) => line !== bare[index]) && findLines(lines, bare).length > 0) {
    return new AppError(
      "BadRequest",
      `${start} It holds the line numbers that read shows ("12: "). They are not part of the file: leave them out.`,
    );
  }
  const near = nearestLines(lines, wanted);
  if (!near) return new AppError("BadRequest", `${start} Nothing in the file resembles it. Read the file again.`);
  const place = near.first === near.last ? `line ${near.first}` : `lines ${near.first}-${near.last}`;
  return new AppError(
    "BadRequest",
    `${start} Nearest are ${place}; expected (-) and found (+):\n${near.comparison}\nCopy the text exactly as it is in the file (without the line numbers).`,
  );
}
