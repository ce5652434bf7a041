import type { ChangeRow } from "../../db/queries/change.ts";
import { type FileChange, sameState } from "../schema/change.ts";
import type { Session, SnapshotFileDiff } from "../schema/session.ts";
import type { Snapshots } from "../snapshot/snapshot.ts";

/** Patches (in characters) that one answer or event carries; files beyond are named and counted, without their patch. */
const mostPatches = 1 << 20;

/** What became of each file by the changes together, without those that cancel out; in the order of the names. */
export function netChanges(rows: ChangeRow[]): FileChange[] {
  const files = new Map<string, FileChange>();
  for (const { file, before, after } of rows) {
    files.set(file, { file, before: files.has(file) ? files.get(file)?.before : (before ?? undefined), after: after ?? undefined });
  }
  return [...files.values()].filter(({ before, after }) => !sameState(before, after)).sort((a, b) => (a.file < b.file ? -1 : 1));
}

/** `context`: unchanged lines around each change. */
export async function diffOf(snapshots: Snapshots, rows: ChangeRow[], context?: number): Promise<SnapshotFileDiff[]> {
  let room = mostPatches;
  return (await snapshots.diff(netChanges(rows), context)).map((diff) => {
    room -= diff.patch?.length ?? 0;
    return room < 0 ? { ...diff, patch: "" } : diff;
  });
}

export function summaryOf(diffs: SnapshotFileDiff[]): NonNullable<Session["summary"]> {
  const sum = (count: (diff: SnapshotFileDiff) => number) => diffs.reduce((total, diff) => total + count(diff), 0);
  return { additions: sum(({ additions }) => additions), deletions: sum(({ deletions }) => deletions), files: diffs.length };
}
