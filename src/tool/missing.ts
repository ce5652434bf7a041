import { readdir } from "node:fs/promises";
import path from "node:path";
import { AppError } from "../schema/error.ts";
import type { ToolPath } from "./path.ts";

const suggestions = 3;

/** The error for a path that is not there, with the names beside it that may have been meant. */
export async function missingPath(target: ToolPath): Promise<AppError> {
  const parent = path.dirname(target.absolute);
  const names = await readdir(parent).catch(() => undefined);
  if (names === undefined)
    return new AppError("NotFoundError", `${target.absolute} does not exist, and neither does the directory ${parent}.`);
  const near = nearestNames(path.basename(target.absolute), names).map((name) => path.join(parent, name));
  const hint = near.length > 0 ? `Did you mean one of these?\n${near.join("\n")}` : "Use glob or list to find it.";
  return new AppError("NotFoundError", `${target.absolute} does not exist. ${hint}`);
}

export function nearestNames(wanted: string, names: string[]): string[] {
  const low = wanted.toLowerCase();
  return names
    .map((name) => ({ name, score: Math.max(similarity(low, name.toLowerCase()), isAnagram(low, name.toLowerCase()) ? 0.7 : 0) }))
    .filter(({ score }) => score >= 0.5)
    .sort((a, b) => b.score - a.score)
    .slice(0, suggestions)
    .map(({ name }) => name);
}

/** Swapped letters leave few pairs of a short name. */
function isAnagram(one: string, other: string): boolean {
  return [...one].sort().join("") === [...other].sort().join("");
}

/** The share of letter pairs that two texts have in common (Dice), 0 to 1; one inside the other counts at least 0.6. */
export function similarity(one: string, other: string): number {
  if (one === other) return 1;
  const pairs = countPairs(one);
  let common = 0;
  for (let at = 0; at + 1 < other.length; at++) {
    const pair = other.slice(at, at + 2);
    const left = pairs.get(pair) ?? 0;
    if (left > 0) common++;
    pairs.set(pair, left - 1);
  }
  const score = (2 * common) / Math.max(1, one.length - 1 + (other.length - 1));
  const isInside = Math.min(one.length, other.length) >= 3 && (one.includes(other) || other.includes(one));
  return isInside ? Math.max(score, 0.6) : score;
}

function countPairs(text: string): Map<string, number> {
  const pairs = new Map<string, number>();
  for (let at = 0; at + 1 < text.length; at++) {
    const pair = text.slice(at, at + 2);
    pairs.set(pair, (pairs.get(pair) ?? 0) + 1);
  }
  return pairs;
}
