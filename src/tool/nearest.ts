import { diffArrays } from "diff";
import { similarity } from "./missing.ts";

/** Lines compared for likeness: enough to help, few enough not to stall on a huge file. */
const comparedLines = 5_000;
const shownLines = 40;

/**
 * Where in the file the wanted lines were most likely meant, as a comparison: `-` what was expected, `+` what is there, with its
 * line number. `undefined` where nothing resembles them.
 */
export function nearestLines(lines: string[], wanted: string[]): { first: number; last: number; comparison: string } | undefined {
  const filled = wanted.map(squeeze);
  const key = filled.reduce((longest, line) => (line.length > longest.length ? line : longest), "");
  if (key === "") return undefined;
  const scored = lines.slice(0, comparedLines).map((_, index) => ({ index, score: likeness(lines, filled, { key, index }) }));
  const best = scored.reduce((one, other) => (other.score > one.score ? other : one), { index: 0, score: 0 });
  if (best.score < 0.4) return undefined;
  const from = Math.max(0, best.index - filled.indexOf(key));
  const to = Math.min(lines.length, Math.max(best.index + 1, from + wanted.length));
  return { first: from + 1, last: to, comparison: compare(wanted, lines.slice(from, to), from) };
}

/** Likeness of the key line, and a little of its neighbours': among equal lines the one in the right company wins. */
function likeness(lines: string[], wanted: string[], { key, index }: { key: string; index: number }): number {
  const score = similarity(key, squeeze(lines[index] ?? ""));
  if (score < 0.4) return score;
  const at = wanted.indexOf(key);
  const neighbours = [at - 1, at + 1].filter((place) => wanted[place]);
  const company = neighbours.map((place) => similarity(wanted[place] ?? "", squeeze(lines[index + place - at] ?? "")));
  return score + company.reduce((sum, one) => sum + one, 0) / 10;
}

function compare(wanted: string[], found: string[], offset: number): string {
  let number = offset;
  const numbered = (line: string): string => `${++number}: ${visible(line)}`;
  const result = diffArrays(wanted, found).flatMap(({ value, added, removed }) => {
    if (removed) return value.map((line) => `- ${visible(line)}`);
    return value.map((line) => `${added ? "+" : " "} ${numbered(line)}`);
  });
  const left = result.length - shownLines;
  return [...result.slice(0, shownLines), ...(left > 0 ? [`(${left} more lines)`] : [])].join("\n");
}

/** Tabs and blanks at the end are what one cannot see and what most often differs. */
function visible(line: string): string {
  const end = /[ \t]+$/.exec(line)?.[0] ?? "";
  const shown = line.slice(0, line.length - end.length).replaceAll("\t", "\\t") + end.replaceAll(" ", "·").replaceAll("\t", "\\t");
  return shown.length > 300 ? `${shown.slice(0, 300)}…` : shown;
}

function squeeze(line: string): string {
  return line.replace(/\s+/g, " ").trim().slice(0, 200);
}
