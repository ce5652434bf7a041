/** What a file is at one moment: the id of its content and its kind. Git's words: a plain file, one that may be run, a symbolic link (its content is where it points). */
export interface FileState {
  hash: string;
  mode: "100644" | "100755" | "120000";
}

/** What became of one file. `undefined`: there was, or is, none. */
export interface FileChange {
  /** Absolute, links followed. */
  file: string;
  before: FileState | undefined;
  after: FileState | undefined;
}

export function sameState(one: FileState | undefined, other: FileState | undefined): boolean {
  return one?.hash === other?.hash && one?.mode === other?.mode;
}

/** What the call of a change begins with that took other changes back. */
const undoMark = "undo:";

export const isUndo = ({ callID }: { callID: string }): boolean => callID.startsWith(undoMark) && !callID.startsWith(`${undoMark}redo:`);

/** The call that a change belongs to: that of the change itself, or of the last one that it took back. */
export const callOf = ({ callID }: { callID: string }): string => callID.replace(/^(?:undo:(?:redo:)?)+/, "");

/** Whether a person took changes back, or took that back. */
export const isByPerson = ({ callID }: { callID: string }): boolean => callID.startsWith(undoMark);

interface Recorded {
  callID: string;
  inferred: boolean;
}

/** A change that takes back what was done to a file until `last`, and stands and falls with it. */
export function undoOf<Row extends Recorded>(
  last: Row,
  { before, after, redo }: { before: FileState | undefined; after: FileState | undefined; redo: boolean },
): Row {
  const callID = `${undoMark}${redo ? "redo:" : ""}${callOf(last)}`;
  return { ...last, callID, before: before ?? null, after: after ?? null, inferred: false };
}
