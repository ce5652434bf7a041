import { formatPatch, structuredPatch } from "diff";
import type { SnapshotFileDiff } from "../schema/session.ts";

/** Milliseconds after which two texts count as too different for a diff. */
const patience = 300;
/** Contents larger than this (bytes) are counted as changed and not shown. */
const largest = 512 * 1024;

/** A change as clients show it. `undefined`: there was, or is, no file. A content that is not text has no patch and no lines. */
export function toFileDiff(
  file: string,
  { before, after, context }: { before: Buffer | undefined; after: Buffer | undefined; context?: number },
): SnapshotFileDiff {
  const status = before === undefined ? "added" : after === undefined ? "deleted" : "modified";
  const [old, next] = [toText(before), toText(after)];
  if (old === undefined || next === undefined) return { file, patch: "", additions: 0, deletions: 0, status };
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
  if (content.byteLength > largest || content.includes(0)) return undefined;
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(content);
  } catch {
    // The decoder's only failure: this is not text.
    return undefined;
  }
}

function countLines(text: string): number {
  return text === "" ? 0 : text.split("\n").length - (text.endsWith("\n") ? 1 : 0);
}
