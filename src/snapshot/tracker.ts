import { stat } from "node:fs/promises";
import { isAbsolute, join, relative } from "node:path";
import type { FileChange } from "../schema/change.ts";
import { createRunGit } from "./git.ts";
import type { Objects } from "./objects.ts";
import { createPruning, type Pruning } from "./prune.ts";
import { openRepository, type Repository, SnapshotsOff } from "./repository.ts";
import type { SnapshotOptions } from "./snapshot.ts";
import { compareTrees, copyMissing, refreshIndex } from "./tree.ts";

/** What git does for snapshots: one thing at a time, in the order it was asked for. */
export interface Tracker {
  off(): string | undefined;
  track(): Promise<string | undefined>;
  changes(from: string, to: string): Promise<FileChange[]>;
  tooLarge(): string[];
  /** See `Snapshots`. */
  forget(hashes: string[], options: { quiet: boolean }): Promise<void>;
  /** Resolves when nothing is under way any more. */
  idle(): Promise<void>;
}

const defaults = { sizeLimit: 2 << 20, keepDays: 7, timeout: 60_000, most: { files: 50_000, bytes: 1 << 30 } };

export function createTracker(directory: string, objects: Objects, options: SnapshotOptions): Tracker {
  const { worktree, onError } = options;
  const exclusive = createQueue();
  const open = createOpening(directory, options, () => void prune(({ daily }) => daily()).catch(onError));
  const limits = { worktree, bytes: options.sizeLimit ?? defaults.sizeLimit, most: options.most ?? defaults.most };
  const refresh = async (): Promise<void> => void (await refreshIndex(await open(), limits));
  const { needed, keepDays = defaults.keepDays } = options;
  const pruning = createPruning(directory, { objects, open, refresh, isOff: () => reason !== undefined, needed, keepDays });
  let reason = options.enabled ? undefined : "snapshots are turned off in the configuration";
  if (reason === undefined && holdsHome(options)) reason = "the home directory is too large for snapshots";
  let large: string[] = [];
  let newest: { tree: string; index: string } | undefined;

  async function take(): Promise<string> {
    const repository = await open();
    const { changed, tooLarge } = await refreshIndex(repository, limits);
    large = tooLarge;
    if (!changed && newest !== undefined && newest.index === (await fingerprint(repository))) return newest.tree;
    const tree = (await repository.run(["write-tree", "--missing-ok"])).toString("utf8").trim();
    newest = { tree, index: await fingerprint(repository) };
    return tree;
  }

  /** Whatever the index stood for may be gone now. */
  async function prune(work: (pruning: Pruning) => Promise<void>): Promise<void> {
    await exclusive(async () => {
      await work(pruning);
      newest = undefined;
    });
  }

  return {
    off: () => reason,
    async track() {
      if (reason !== undefined) return undefined;
      try {
        // Files come and go while they are looked at: once more, then it is a fault.
        return await exclusive(() => take().catch(unlessOff(take)));
      } catch (error) {
        if (!(error instanceof SnapshotsOff)) throw error;
        if (reason === undefined) onError(new Error(`Snapshots are off: ${error.message}. What commands change cannot be undone.`));
        reason = error.message;
        return undefined;
      }
    },
    async changes(from, to) {
      if (from === to) return [];
      const repository = await open();
      const changes = await compareTrees(repository, worktree, { from, to });
      const states = changes.flatMap(({ before, after }) => [before, after]);
      const hashes = states.flatMap((state) => (state === undefined ? [] : [state.hash]));
      await copyMissing(repository, objects, hashes);
      return changes;
    },
    tooLarge: () => large,
    async forget(hashes, { quiet }) {
      const made = (await stat(directory).catch(() => undefined)) !== undefined;
      if (!made) return;
      const whole = quiet && reason === undefined;
      await prune((pruning) => (whole ? pruning.everything(hashes) : pruning.only(hashes)));
    },
    idle: () => exclusive(async () => {}),
  };
}

/** Opens the repository once; an opening that failed is tried anew. */
function createOpening(directory: string, options: SnapshotOptions, onOpen: () => void): () => Promise<Repository> {
  const { worktree, exclude, environment, timeout = defaults.timeout } = options;
  const git = createRunGit(environment);
  let opening: Promise<Repository> | undefined;
  return () => {
    opening ??= openRepository({ directory, worktree, exclude, git, timeout }).then(
      (repository) => {
        onOpen();
        return repository;
      },
      (error) => {
        opening = undefined;
        throw error;
      },
    );
    return opening;
  };
}

/** Somebody's whole home, or more: nothing anybody wants copied. */
function holdsHome({ worktree, environment }: SnapshotOptions): boolean {
  const home = environment.HOME ?? environment.USERPROFILE;
  if (home === undefined || home === "") return false;
  const way = relative(worktree, home);
  return way === "" || (!way.startsWith("..") && !isAbsolute(way));
}

function unlessOff<Result>(again: () => Promise<Result>): (error: unknown) => Promise<Result> {
  return (error) => {
    if (error instanceof SnapshotsOff) throw error;
    return again();
  };
}

/** Moves when anybody changed the index. */
async function fingerprint({ directory }: Repository): Promise<string> {
  const stats = await stat(join(directory, "index"), { bigint: true }).catch(() => undefined);
  return stats ? `${stats.mtimeNs} ${stats.size} ${stats.ino}` : "";
}

function createQueue(): <Result>(task: () => Promise<Result>) => Promise<Result> {
  let last: Promise<unknown> = Promise.resolve();
  return (task) => {
    const result = last.then(task);
    last = result.catch(() => {});
    return result;
  };
}
