import type { ChangeRow } from "../../db/queries/change.ts";
import { type FileChange, type FileState, sameState } from "../schema/change.ts";
import type { Snapshots } from "../snapshot/snapshot.ts";

/** What an undo or redo did to the files. Paths are absolute. */
export interface Moves {
  /** Files it set, from what to what. */
  done: FileChange[];
  /** Files it left alone: they hold something else than the session left, or somebody changed them in between. */
  conflicts: string[];
  /** Files it undid whose change is known only from before and after a command. */
  inferred: string[];
  /** All files that are undone now, and what they were set to. */
  undone: Map<string, FileState | undefined>;
}

interface Wanted {
  /** All changes of the session, in order. */
  rows: ChangeRow[];
  /** Whether a change is to be undone; the others are to stand. */
  isUndone(row: ChangeRow): boolean;
  /** What an earlier undo has set. */
  undone: Map<string, FileState | null>;
}

/** Brings each file to what it is to be, where it holds what the session (or an earlier undo) left. A file that is so already is done. */
export async function moveFiles(snapshots: Snapshots, { rows, isUndone, undone }: Wanted): Promise<Moves> {
  const moves: Moves = { done: [], conflicts: [], inferred: [], undone: new Map() };
  for (const [file, history] of byFile(rows)) {
    const later = history.filter(isUndone);
    const wasUndone = undone.has(file);
    if (later.length === 0 && !wasUndone) continue;
    const left = history.at(-1)?.after ?? undefined;
    const held = wasUndone ? (undone.get(file) ?? undefined) : left;
    const target = later.length > 0 ? (later[0]?.before ?? undefined) : left;
    const outcome = isUnbroken(later) ? await moveFile(snapshots, { file, before: held, after: target }) : "conflict";
    if (outcome === "conflict") {
      moves.conflicts.push(file);
      if (wasUndone && later.length > 0) moves.undone.set(file, held);
      continue;
    }
    if (outcome === "moved") moves.done.push({ file, before: held, after: target });
    if (later.length > 0) moves.undone.set(file, target);
    if (later.some(({ inferred }) => inferred)) moves.inferred.push(file);
  }
  return moves;
}

/** Undoes what `moveFiles` did, as far as nobody was quicker. */
export async function takeBack(snapshots: Snapshots, { done }: Pick<Moves, "done">): Promise<void> {
  for (const { file, before, after } of done.toReversed()) await moveFile(snapshots, { file, before: after, after: before });
}

export async function moveFile(snapshots: Snapshots, { file, before, after }: FileChange): Promise<"moved" | "there" | "conflict"> {
  const now = await snapshots.look(file);
  if (now === "other") return "conflict";
  if (sameState(now, after)) return "there";
  return sameState(now, before) && (await snapshots.restore(file, after)) ? "moved" : "conflict";
}

/** Whether nobody else changed the file between the session's own changes. */
export function isUnbroken(rows: ChangeRow[]): boolean {
  return rows.every((row, index) => index === 0 || sameState(rows[index - 1]?.after ?? undefined, row.before ?? undefined));
}

export function byFile(rows: ChangeRow[]): Map<string, ChangeRow[]> {
  const files = new Map<string, ChangeRow[]>();
  for (const row of rows) files.set(row.file, [...(files.get(row.file) ?? []), row]);
  return files;
}
