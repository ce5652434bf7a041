/** What the address says is to be compared. */
export interface Search {
  session?: string;
  /** A prompt: only what its turn changed. */
  message?: string;
  /** `session` (what it did), `head` (against the newest commit), `branch` (against where the branch left the default branch). */
  against?: string;
  directory?: string;
  file?: string;
  view?: string;
}

export type Source =
  | { kind: "turn"; sessionID: string; messageID: string }
  | { kind: "session"; sessionID: string }
  | { kind: "git" | "branch"; directory: string };

/** `directory`: the session's, or the server's own where there is none. */
export function sourceOf({ session, message, against }: Search, directory: string): Source {
  if (against === "head") return { kind: "git", directory };
  if (against === "branch") return { kind: "branch", directory };
  if (session === undefined) return { kind: "git", directory };
  return message === undefined ? { kind: "session", sessionID: session } : { kind: "turn", sessionID: session, messageID: message };
}

/** A file that changed, as both the session's and git's diffs tell it. */
export interface Change {
  file: string;
  patch: string;
  additions: number;
  deletions: number;
  status: "added" | "deleted" | "modified";
}

interface Told {
  file?: string;
  patch?: string;
  additions: number;
  deletions: number;
  status?: Change["status"];
}

/** Without those that name no file. */
export function changesOf(told: readonly Told[]): Change[] {
  return told.flatMap(({ file, patch = "", status = "modified", ...counts }) =>
    file === undefined ? [] : [{ file, patch, status, ...counts }],
  );
}
