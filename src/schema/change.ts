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
