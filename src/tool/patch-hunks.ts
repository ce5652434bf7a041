import { AppError } from "../schema/error.ts";
import { reindentation } from "./indentation.ts";
import { findAnchored, findLines, type Match, type Stretch } from "./line-match.ts";
import { nearestLines } from "./nearest.ts";
import type { Hunk } from "./patch-text.ts";
import { lineEnding } from "./text-file.ts";

/** Where a hunk goes and what it puts there. */
interface Placed extends Stretch {
  lines: string[];
}

/**
 * The text after all hunks. Each hunk is found by its lines (spacing may differ) below its `@@` lines and below the hunk before it; one
 * that fits in two places, or in none, throws BadRequest that names file and hunk. Lines that stay are taken from the file.
 */
export function applyHunks(text: string, hunks: Hunk[], file: string): string {
  const ending = lineEnding(text);
  const isTerminated = text === "" || text.endsWith("\n");
  const lines = text.split(/\r?\n/);
  if (isTerminated) lines.pop();
  const endings = new Map([...text.matchAll(/\r?\n/g)].map(([found], index) => [index, found]));
  const placed: Placed[] = [];
  for (const hunk of hunks) placed.push(place(lines, hunk, { placed, file }));
  const rows = lines.map((line, index) => line + (endings.get(index) ?? ""));
  const result = placed
    .sort((one, other) => other.from - one.from)
    .reduce((all, { from, to, lines: added }) => [...all.slice(0, from), ...terminated(added, ending), ...all.slice(to)], rows);
  return joined(result, ending, isTerminated);
}

const terminated = (lines: string[], ending: string): string[] => lines.map((line) => line + ending);

/** Every row but the last has a line end; the last has one if the file's last had. */
function joined(rows: string[], ending: string, isTerminated: boolean): string {
  const whole = rows.map((row, index) => (index < rows.length - 1 && !row.endsWith("\n") ? row + ending : row)).join("");
  if (isTerminated) return whole === "" || whole.endsWith("\n") ? whole : whole + ending;
  return whole.replace(/\r?\n$/, "");
}

interface Context {
  placed: Placed[];
  file: string;
}

function place(lines: string[], hunk: Hunk, context: Context): Placed {
  const start = belowHeaders(lines, hunk, context);
  const old = hunk.lines.filter(({ sign }) => sign !== "+").map(({ text }) => text);
  if (old.every((line) => line.trim() === "")) return insertion(lines, hunk, start);
  const found = choose(candidates(lines, hunk, { old, start }), { hunk, file: context.file, lines, old });
  const overlap = context.placed.find(({ from, to }) => found.from < to && from < found.to);
  if (overlap)
    throw fault(context.file, hunk, `it changes lines that an earlier hunk of the same file changes (${overlap.from + 1}-${overlap.to})`);
  return { ...found, lines: newLines(lines, hunk, { found, old, file: context.file }) };
}

/** The line to look from: below the last `@@` line, else below the hunk before. */
function belowHeaders(lines: string[], hunk: Hunk, { placed, file }: Context): number {
  let start = placed.at(-1)?.to ?? 0;
  for (const header of hunk.headers) {
    const found = findLines(lines, [header], start)[0] ?? findLines(lines, [header])[0] ?? partial(lines, header, start);
    if (!found) throw fault(file, hunk, `its line "@@ ${header}" is not in the file${nearTo(lines, [header])}`);
    start = found.to;
  }
  return start;
}

/** Models name a function without its brackets and braces. */
function partial(lines: string[], header: string, start: number): Stretch | undefined {
  const at = lines.findIndex((line, index) => index >= start && line.trim().startsWith(header));
  return at === -1 ? undefined : { from: at, to: at + 1 };
}

function insertion(lines: string[], hunk: Hunk, start: number): Placed {
  const at = hunk.headers.length === 0 || hunk.atEnd ? lines.length : start;
  return { from: at, to: at, lines: hunk.lines.filter(({ sign }) => sign === "+").map(({ text }) => text) };
}

function candidates(lines: string[], hunk: Hunk, { old, start }: { old: string[]; start: number }): Match[] {
  const below = findLines(lines, old, start);
  const found = below.length > 0 ? below : findLines(lines, old);
  const all = found.length > 0 ? found : findAnchored(lines, old);
  const atEnd = all.filter(({ to }) => lines.slice(to).every((line) => line.trim() === ""));
  if (hunk.atEnd && atEnd.length > 0) return atEnd.slice(-1);
  // Under a header the first one is meant.
  return hunk.headers.length > 0 && below.length > 0 ? all.slice(0, 1) : all;
}

function choose(found: Match[], about: { hunk: Hunk; file: string; lines: string[]; old: string[] }): Match {
  const { hunk, file, lines, old } = about;
  const [first] = found;
  if (first === undefined) throw fault(file, hunk, `its lines are not in the file${nearTo(lines, old)}`);
  if (found.length === 1) return first;
  const places = found.slice(0, 10).map(({ from }) => from + 1);
  const more = found.length > 10 ? ", …" : "";
  throw fault(
    file,
    hunk,
    `it fits in ${found.length} places (lines ${places.join(", ")}${more}). Add lines around it, or an "@@" line above it`,
  );
}

function newLines(lines: string[], hunk: Hunk, about: { found: Match; old: string[]; file: string }): string[] {
  const { found, old, file } = about;
  const reindent = reindentation(old, lines.slice(found.from, found.to));
  if (reindent === undefined) throw fault(file, hunk, `its indentation does not lead to the file's${nearTo(lines, old)}`);
  let at = found.from;
  return hunk.lines.flatMap(({ sign, text }) => {
    if (sign === "+") return [reindent(text)];
    const own = lines[at++] ?? "";
    return sign === " " ? [own] : [];
  });
}

function nearTo(lines: string[], wanted: string[]): string {
  const near = nearestLines(lines, wanted);
  return near
    ? `. Nearest are lines ${near.first}-${near.last}; expected (-) and found (+):\n${near.comparison}\n`
    : ", and nothing there resembles them";
}

function fault(file: string, hunk: Hunk, reason: string): AppError {
  return new AppError("BadRequest", `Hunk ${hunk.number} of ${file} cannot be applied: ${reason}. Nothing was changed, in no file.`, {
    file,
    hunk: hunk.number,
  });
}
