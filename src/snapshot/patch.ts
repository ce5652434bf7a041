import { formatPatch, structuredPatch } from "diff";
import type { SnapshotFileDiff } from "../schema/session.ts";
import { countLines } from "./line-count.ts";

/** Milliseconds after which two texts count as too different for a diff. */
const patience = 300;
/** Of contents larger than this (bytes) the lines are counted and not shown. */
const largest = 512 * 1024;

export interface Content {
  bytes: number;
  /** All of it; undefined if it is gone by now. */
  read(): Promise<Buffer | undefined>;
  /** Piece by piece. Throws the system's error ENOENT if it is gone by now. */
  chunks(): AsyncIterable<Uint8Array>;
}

interface Sides {
  /** `undefined`: there was, or is, no file. */
  before: Content | undefined;
  after: Content | undefined;
}

/** A change as clients show it. A content that is not text has no patch and no lines. */
export async function toFileDiff(file: string, { context, ...sides }: Sides & { context?: number }): Promise<SnapshotFileDiff> {
  const { before, after } = sides;
  const status = before === undefined ? "added" : after === undefined ? "deleted" : "modified";
  if (isLarge(before) || isLarge(after)) return { file, patch: "", additions: 0, deletions: 0, ...(await countLines(sides)), status };
  const [old, next] = [toText(await textBytes(before)), toText(await textBytes(after))];
  if (old === undefined || next === undefined) return { file, patch: "", additions: 0, deletions: 0, status };
  const patch = structuredPatch(file, file, old, next, "", "", { timeout: patience, ...(context !== undefined && { context }) });
  if (patch === undefined) return { file, patch: "", additions: linesIn(next), deletions: linesIn(old), status };
  const lines = patch.hunks.flatMap((hunk) => hunk.lines);
  return {
    file,
    patch: formatPatch(patch),
    additions: lines.filter((line) => line.startsWith("+")).length,
    deletions: lines.filter((line) => line.startsWith("-")).length,
    status,
  };
}

/** What is gone is no text. */
const textBytes = async (content: Content | undefined) => content && ((await content.read()) ?? Buffer.of(0));

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

const isLarge = (content: Content | undefined): boolean => content !== undefined && content.bytes > largest;

function linesIn(text: string): number {
  if (text === "") return 0;
  return (text.endsWith("\n") ? text.slice(0, -1) : text).split("\n").length;
}
