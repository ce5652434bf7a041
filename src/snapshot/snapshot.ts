import { createHash } from "node:crypto";
import { isAbsolute, join, relative } from "node:path";
import type { FileChange, FileState } from "../schema/change.ts";
import type { SnapshotFileDiff } from "../schema/session.ts";
import { leadsThere, readPlace, writePlace } from "./disk.ts";
import { createObjects, hashOf } from "./objects.ts";
import { type Content, toFileDiff } from "./patch.ts";
import { createTracker } from "./tracker.ts";
import { slashes } from "./tree.ts";

/** Stands for a content that is not there any more: not text, so that no diff is made of it. */
const erased: Content = {
  bytes: 1,
  read: async () => Buffer.of(0),
  chunks: async function* () {
    yield Buffer.of(0);
  },
};

/**
 * What the files of a checkout were at certain moments, kept by git in a repository of its own below the data directory: the user's
 * `.git` is read and never written. Servers that share the data directory share it. Files that .gitignore or
 * .git/info/exclude name, other repositories in the checkout, and files over the limit are not looked at by `track`; `keep` keeps any file.
 * Snapshots that no session's change needs are erased after `keepDays`.
 */
export interface Snapshots extends AsyncDisposable {
  /** Why `track` answers nothing: no git, a directory too large (or the home directory itself), or turned off. Undefined while it works. */
  off(): string | undefined;
  /** Whether changes are to be recorded at all: `snapshot: false` in the configuration says no. */
  readonly enabled: boolean;
  /** The id of the files as they are now; undefined when off. One at a time. */
  track(): Promise<string | undefined>;
  /** What changed between two ids. The contents on both sides are kept. */
  changes(from: string, to: string): Promise<FileChange[]>;
  /** The changes as clients show them, with paths relative to the checkout. A content that was erased since counts as not text. `context`: unchanged lines around each change; 4 unless told. */
  diff(changes: FileChange[], context?: number): Promise<SnapshotFileDiff[]>;
  /** Keeps one file as it is now. Undefined when there is none, or something that is no file. */
  keep(file: string): Promise<FileState | undefined>;
  /** Does work that changes files and puts it on record; `settled` waits for what was begun so. Throws what the work throws. */
  recording<Result>(work: () => Promise<Result>): Promise<Result>;
  settled(): Promise<void>;
  /** What a file is now, without keeping it; `other` for what is no file. */
  look(file: string): Promise<FileState | "other" | undefined>;
  /** Makes the file what it was. False, and nothing done: its content was erased, or the path leads elsewhere than it did. */
  restore(file: string, state: FileState | undefined): Promise<boolean>;
  /** The path as diffs name it: relative to the checkout, with forward slashes; absolute outside of it. */
  nameOf(file: string): string;
  /** Files that the last `track` left out for their size. */
  tooLarge(): string[];
  /**
   * Erases contents that no session needs any more, and what snapshots kept beside them. `quiet`: no turn is under way in the checkout, so no snapshot
   * taken before is needed either; otherwise what the newest one holds stays until it is pruned.
   */
  forget(hashes: string[], options: { quiet: boolean }): Promise<void>;
}

export interface SnapshotOptions {
  /** Where all snapshots are kept. */
  directory: string;
  projectID: string;
  /** The root of the checkout; outside git the directory itself. */
  worktree: string;
  /** Which store the sessions are in: two stores do not share snapshots, since each knows only what its own sessions need. */
  store: string;
  /** The server's data, never looked into. */
  exclude: string;
  /** For git, without the server's secrets. */
  environment: NodeJS.ProcessEnv;
  enabled: boolean;
  /** Ids of the contents that sessions still need. */
  needed(): Promise<string[]>;
  /** Bytes over which `track` leaves a file out. */
  sizeLimit?: number;
  /** What one snapshot may take in that the last did not hold; a directory with more is too large for snapshots. */
  most?: { files: number; bytes: number };
  keepDays?: number;
  /** Milliseconds for one call of git: a checkout that needs more is too large for snapshots. */
  timeout?: number;
  onError(error: unknown): void;
}

export function createSnapshots(options: SnapshotOptions): Snapshots {
  const { worktree, enabled } = options;
  const directory = join(options.directory, options.projectID, createHash("sha1").update(`${worktree}\0${options.store}`).digest("hex"));
  const objects = createObjects(join(directory, "objects"));
  const { idle, ...tracker } = createTracker(directory, objects, options);

  const nameOf = (file: string): string => {
    const name = relative(worktree, file);
    return name.startsWith("..") || isAbsolute(name) ? file : slashes(name);
  };
  const recordings = new Set<Promise<unknown>>();
  const contentOf = async (state: FileState | undefined) => state && ((await objects.open(state.hash)) ?? erased);

  return {
    ...tracker,
    enabled,
    nameOf,
    async diff(changes, context) {
      const diffs: SnapshotFileDiff[] = [];
      for (const { file, before, after } of changes)
        diffs.push(await toFileDiff(nameOf(file), { before: await contentOf(before), after: await contentOf(after), context }));
      return diffs;
    },
    async recording(work) {
      const recording = work();
      recordings.add(recording);
      return recording.finally(() => recordings.delete(recording));
    },
    async settled() {
      await Promise.allSettled(recordings);
    },
    async keep(file) {
      const found = await readPlace(file);
      if (found === undefined || found === "other") return undefined;
      return { hash: await objects.write(found.content), mode: found.mode };
    },
    async look(file) {
      const found = await readPlace(file);
      return found === undefined || found === "other" ? found : { hash: hashOf(found.content), mode: found.mode };
    },
    async restore(file, state) {
      const content = state && (await objects.read(state.hash));
      if ((state !== undefined && content === undefined) || !(await leadsThere(file))) return false;
      await writePlace(file, state && content ? { mode: state.mode, content } : undefined);
      return true;
    },
    [Symbol.asyncDispose]: idle,
  };
}
