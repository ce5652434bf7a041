import { similarity } from "./missing.ts";

/** How alike two lines must be. A looser one is tried only where all stricter ones find nothing. */
export interface Tolerance {
  /** What differs, for the report. Empty: nothing. */
  differs: string;
  key(line: string): string;
}

const squeezed = (line: string): string => line.replace(/\s+/g, " ").trim();

/** Typographic characters that models write for plain ones, and the reverse. */
const lookalikes: [RegExp, string][] = [
  [/[\u2018\u2019\u201A\u201B]/g, "'"],
  [/[\u201C\u201D\u201E\u201F]/g, '"'],
  [/[\u2010-\u2015\u2212]/g, "-"],
  [/[\u00A0\u2002-\u200A\u202F\u205F\u3000]/g, " "],
  [/\u2026/g, "..."],
];

const plain = (line: string): string => lookalikes.reduce((text, [letters, letter]) => text.replace(letters, letter), line);

export const tolerances: Tolerance[] = [
  { differs: "", key: (line) => line },
  { differs: "blanks at line ends", key: (line) => line.trimEnd() },
  { differs: "indentation", key: (line) => line.trim() },
  { differs: "spacing", key: squeezed },
  { differs: "typographic characters", key: (line) => squeezed(plain(line)) },
];

/** A stretch of lines, `to` exclusive, both counted from 0. */
export interface Stretch {
  from: number;
  to: number;
}

export interface Match extends Stretch {
  differs: string;
}

/**
 * Where the wanted lines stand, by the strictest tolerance that finds them at all: several stretches mean that it cannot be
 * told which is meant. `from`: the line to begin at.
 */
export function findLines(lines: string[], wanted: string[], from = 0): Match[] {
  for (const { differs, key } of tolerances) {
    const keys = lines.map(key);
    const found = stretches(keys, wanted.map(key), from);
    if (found.length > 0) return found.map((stretch) => ({ ...stretch, differs }));
  }
  return [];
}

function stretches(lines: string[], wanted: string[], from: number): Stretch[] {
  // Lines without a letter fit anywhere.
  if (wanted.every((line) => line.trim() === "")) return [];
  const found: Stretch[] = [];
  for (let at = from; at + wanted.length <= lines.length; at++) {
    if (wanted.every((line, index) => lines[at + index] === line)) found.push({ from: at, to: at + wanted.length });
  }
  return found;
}

const minimumAnchored = 4;
const minimumLikeness = 0.85;
const comparedCharacters = 20_000;

/**
 * Stretches whose first and last line are the wanted ones and whose lines between resemble them closely: for texts remembered with a
 * slip. Only for four lines and more, of the same number.
 */
export function findAnchored(lines: string[], wanted: string[]): Match[] {
  if (wanted.length < minimumAnchored) return [];
  const keys = lines.map(squeezed);
  const inner = wanted.map(squeezed);
  if (inner[0] === "" || inner.at(-1) === "") return [];
  const text = inner.slice(1, -1).join("\n");
  const found: Match[] = [];
  for (let from = 0; from + wanted.length <= lines.length; from++) {
    const to = from + wanted.length;
    if (keys[from] !== inner[0] || keys[to - 1] !== inner.at(-1)) continue;
    const there = keys.slice(from + 1, to - 1).join("\n");
    if (there.length > comparedCharacters || text.length > comparedCharacters) continue;
    if (similarity(text, there) >= minimumLikeness) found.push({ from, to, differs: "some letters between its first and last line" });
  }
  return found;
}
