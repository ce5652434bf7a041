import { formatPatch, structuredPatch } from "diff";
import type { SnapshotFileDiff } from "../schema/session.ts";

/** Milliseconds after which two texts count as too different for a diff. */
const patience = 300;
/** Of contents larger than this (bytes) the lines are counted and not shown. */
const largest = 512 * 1024;

/** A change as clients show it. `undefined`: there was, or is, no file. A content that is not text has no patch and no lines. */
export function toFileDiff(
  file: string,
  { before, after, context }: { before: Buffer | undefined; after: Buffer | undefined; context?: number },
): SnapshotFileDiff {
  const status = before === undefined ? "added" : after === undefined ? "deleted" : "modified";
  const [old, next] = [toText(before), toText(after)];
  if (old === undefined || next === undefined) return { file, patch: "", additions: 0, deletions: 0, status };
  if (isLarge(before) || isLarge(after)) return { file, patch: "", ...countChanges(old, next), status };
  const patch = structuredPatch(file, file, old, next, "", "", { timeout: patience, ...(context !== undefined && { context }) });
  if (patch === undefined) return { file, patch: "", additions: countLines(next), deletions: countLines(old), status };
  const lines = patch.hunks.flatMap((hunk) => hunk.lines);
  return {
    file,
    patch: formatPatch(patch),
    additions: lines.filter((line) => line.startsWith("+")).length,
    deletions: lines.filter((line) => line.startsWith("-")).length,
    status,
  };
}

function toText(content: Buffer | undefined): string | undefined {
  if (content === undefined) return "";
  if (content.includes(0)) return undefined;
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(content);
  } catch {
    // The decoder's only failure: this is not text.
    return undefined;
  }
}

const isLarge = (content: Buffer | undefined): boolean => content !== undefined && content.byteLength > largest;

/** Lines that one side has more often than the other: what a diff would count, but for lines that only moved. */
function countChanges(old: string, next: string): { additions: number; deletions: number } {
  const surplus = new Map<string, number>();
  for (const line of linesOf(next)) surplus.set(line, (surplus.get(line) ?? 0) + 1);
  for (const line of linesOf(old)) surplus.set(line, (surplus.get(line) ?? 0) - 1);
  const sum = (of: (count: number) => number) => [...surplus.values()].reduce((total, count) => total + Math.max(0, of(count)), 0);
  return { additions: sum((count) => count), deletions: sum((count) => -count) };
}

const countLines = (text: string): number => linesOf(text).length;

function linesOf(text: string): string[] {
  if (text === "") return [];
  return (text.endsWith("\n") ? text.slice(0, -1) : text).split("\n");
}
