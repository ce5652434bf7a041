import { type ChangeRow, saveChange } from "../../db/queries/change.ts";
import { requireNothingQueued } from "../../db/queries/guard.ts";
import { type FileChange, isUndo, sameState, undoOf } from "../schema/change.ts";
import { AppError } from "../schema/error.ts";
import type { FileUndo, UndoneFile } from "../schema/file-undo.ts";
import type { Session } from "../schema/session.ts";
import type { Snapshots } from "../snapshot/snapshot.ts";
import { busy } from "./accept.ts";
import { changeSession } from "./change.ts";
import { diffOf, summaryOf } from "./diff.ts";
import { isConflict } from "./ending.ts";
import { type History, loadHistory, requireMessage, rowsFrom, standing } from "./file-history.ts";
import { knownSession } from "./known.ts";
import type { SessionOptions } from "./options.ts";
import { byFile, isUnbroken, moveFile, takeBack } from "./restore.ts";
import { eventsOf } from "./revert-events.ts";
import { fenced } from "./turn-input.ts";

/** Which files, by the names that diffs use (all that were changed, unless told), from which message on, and which way. */
export interface FileUndoQuery {
  files?: string[];
  messageID?: string;
  redo?: boolean;
}

interface Undoing {
  /** New rows, as the session's own: with them, what it did and what was undone cancel out. */
  rows: ChangeRow[];
  done: FileChange[];
  files: UndoneFile[];
}

/**
 * Undoes what a session did to single files; the conversation stays. That is a change of the session like any other, put down beside the last change
 * of the file: whatever takes that back (an undo from a message on) takes this back, too.
 */
export async function undoFiles(
  options: SessionOptions,
  snapshots: Snapshots,
  { session, query }: { session: Session; query: FileUndoQuery },
): Promise<FileUndo> {
  if (session.revert !== undefined)
    throw new AppError("ConflictError", "The session was undone from a message on. Redo that first, or send a prompt.", {
      sessionID: session.id,
    });
  const history = await loadHistory(options, session.id);
  const undoing = await move(snapshots, wantedRows(history, { snapshots, query }), { history, redo: query.redo ?? false });
  if (undoing.rows.length > 0) await commit(options, snapshots, { session, history, undoing });
  return { files: undoing.files, session: await knownSession(options.database.orm, session.id) };
}

/** The changes that are to be undone, by file. Throws NotFoundError for a message that is not of the session and for a file that it did not change. */
function wantedRows(
  history: History,
  { snapshots, query: { files, messageID } }: { snapshots: Snapshots; query: FileUndoQuery },
): Map<string, ChangeRow[]> {
  if (messageID !== undefined) requireMessage(history, messageID);
  const rows = byFile(messageID === undefined ? history.rows : rowsFrom(history, { messageID }));
  if (files === undefined) return rows;
  const named = new Map([...rows].map(([file, changes]) => [snapshots.nameOf(file), [file, changes] as const]));
  const wanted = [...new Set(files)].map((name) => {
    const found = named.get(name);
    if (found === undefined) throw new AppError("NotFoundError", `The session did not change ${name}.`, { file: name });
    return found;
  });
  return new Map(wanted);
}

async function move(
  snapshots: Snapshots,
  wanted: Map<string, ChangeRow[]>,
  { history, redo }: { history: History; redo: boolean },
): Promise<Undoing> {
  const undoing: Undoing = { rows: [], done: [], files: [] };
  const all = byFile(history.rows);
  for (const [file, changes] of wanted) {
    const last = all.get(file)?.at(-1);
    const rows = redo ? changes.slice(-1).filter(isUndo) : changes;
    const inferred = rows.some((row) => row.inferred);
    const note = (outcome: UndoneFile["outcome"]) => undoing.files.push({ file: snapshots.nameOf(file), outcome, inferred });
    const change = { file, before: last?.after ?? undefined, after: rows[0]?.before ?? undefined };
    if (last === undefined || rows.length === 0 || sameState(change.before, change.after)) note("unchanged");
    else {
      const outcome = isUnbroken(rows) ? await moveFile(snapshots, change) : "conflict";
      if (outcome === "moved") undoing.done.push(change);
      if (outcome !== "conflict") undoing.rows.push(undoOf(last, { before: change.before, after: change.after, redo }));
      note(outcome === "conflict" ? "conflict" : redo ? "redone" : "undone");
    }
  }
  undoing.files.sort((one, other) => (one.file < other.file ? -1 : 1));
  return undoing;
}

async function commit(
  options: SessionOptions,
  snapshots: Snapshots,
  { session, history, undoing }: { session: Session; history: History; undoing: Undoing },
): Promise<void> {
  const { orm } = options.database;
  const rows = [...history.rows, ...undoing.rows];
  const diff = await diffOf(snapshots, standing({ ...history, rows }, session));
  try {
    await changeSession(options, session.id, (current) => {
      const info: Session = { ...current, summary: summaryOf(diff), time: { ...current.time, updated: Date.now() } };
      const writes = undoing.rows.map(({ sequence: _, ...row }) => saveChange(orm, row));
      const guards = requireNothingQueued(orm, session.id);
      return { events: eventsOf(info, diff, undoing), append: { fence: fenced(options, session).fence, guards, writes } };
    });
  } catch (error) {
    await takeBack(snapshots, undoing);
    throw isConflict(error) ? busy(session.id) : error;
  }
}
