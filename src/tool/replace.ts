import { AppError } from "../schema/error.ts";
import { similarity } from "./missing.ts";
import { lineEnding, withLineEnding } from "./text-file.ts";

export interface Replacement {
  oldString: string;
  newString: string;
  replaceAll: boolean;
}

/**
 * Replaces text that occurs exactly once (or everywhere, with `replaceAll`). Only the kind of line end may differ between
 * what is looked for and the text; the new text gets the text's kind. Throws BadRequest that says why it cannot apply.
 */
export function replaceText(text: string, change: Replacement, file: string): string {
  const { wanted, replacement } = inLineEndingOf(text, change);
  const places = occurrences(text, wanted);
  if (places.length === 0) throw new AppError("BadRequest", notFound(text, change.oldString, file));
  if (change.replaceAll) return text.split(wanted).join(replacement);
  const [place = 0] = places;
  if (places.length > 1) throw new AppError("BadRequest", foundOften(text, places, file));
  return text.slice(0, place) + replacement + text.slice(place + wanted.length);
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

function foundOften(text: string, places: number[], file: string): string {
  const lines = places.slice(0, 10).map((place) => text.slice(0, place).split("\n").length);
  const more = places.length > lines.length ? ", …" : "";
  return `oldString was found ${places.length} times in ${file} (lines ${lines.join(", ")}${more}). Add surrounding lines to oldString to make it unique, or set replaceAll to true to change all of them.`;
}

function notFound(text: string, oldString: string, file: string): string {
  const start = `oldString was not found in ${file}.`;
  const lines = text.split(/\r?\n/);
  const wanted = oldString.split(/\r?\n/);
  if (wanted.some((line) => /^\s*\d+: /.test(line)) && text.includes(wanted.map((line) => line.replace(/^\s*\d+: /, "")).join("\n"))) {
    return `${start} It holds the line numbers that read shows ("12: "). They are not part of the file: leave them out.`;
  }
  const near = nearestLines(lines, wanted);
  if (!near) return `${start} Nothing in the file resembles it. Read the file again.`;
  const shown = lines.slice(near.from, near.to).map((line, index) => `${near.from + index + 1}: ${line.slice(0, 300)}`);
  const reason = near.isSpacing ? "The text is there with other spaces, tabs or indentation" : "The nearest lines are";
  return `${start} ${reason}:\n${shown.join("\n")}\nCopy the text exactly as it is in the file (without the line numbers).`;
}

/** Lines compared for likeness: enough to help, few enough not to stall on a huge file. */
const comparedLines = 5_000;

/** The stretch most like the wanted text: one that differs in spacing only, else where a line is most like its longest one. */
function nearestLines(lines: string[], wanted: string[]): { from: number; to: number; isSpacing: boolean } | undefined {
  const block = wanted.map(squeeze).filter((line) => line !== "");
  if (block.length === 0) return undefined;
  const squeezed = lines.map(squeeze);
  const filled = squeezed.flatMap((line, index) => (line === "" ? [] : [index]));
  const spaced = filled.findIndex((_, at) => block.every((line, index) => squeezed[filled[at + index] ?? -1] === line));
  if (spaced !== -1) return { from: filled[spaced] ?? 0, to: (filled[spaced + block.length - 1] ?? 0) + 1, isSpacing: true };
  const key = block.reduce((longest, line) => (line.length > longest.length ? line : longest));
  const scored = filled.slice(0, comparedLines).map((index) => ({ index, score: similarity(key, squeezed[index] ?? "") }));
  const best = scored.reduce((one, other) => (other.score > one.score ? other : one), { index: 0, score: 0 });
  if (best.score < 0.4) return undefined;
  const from = Math.max(0, best.index - Math.min(3, wanted.map(squeeze).indexOf(key)));
  return { from, to: Math.min(lines.length, Math.max(best.index + 1, from + Math.min(wanted.length, 6))), isSpacing: false };
}

function squeeze(line: string): string {
  return line.replace(/\s+/g, " ").trim().slice(0, 200);
}
