import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { VcsFileDiff, VcsFileStatus, VcsInfo } from "../schema/project.ts";
import { applyPatch } from "./apply.ts";
import { type ChangesOptions, readChanges } from "./changes.ts";
import type { Git } from "./git.ts";

export { createGit, type Git } from "./git.ts";
export { offlineGit, strangerGit } from "./stranger.ts";

/** What version control says about one directory. */
export interface VcsService {
  /** The branch (none on a detached HEAD) and the branch that work starts from. Empty outside git. */
  info(): Promise<VcsInfo>;
  /** The branch alone (none on a detached HEAD or outside git). Asks git once for the place of `HEAD`, and then reads that file: cheap enough for every turn. */
  branch(): Promise<string | undefined>;
  /** The file that names the branch; none outside git. */
  head(): Promise<string | undefined>;
  /**
   * The files below the directory that differ from the newest commit, by name (relative to the directory): staged or not, untracked but not
   * ignored ones as added, a renamed one as one deleted and one added. Lines are counted, binary files have none. Empty outside git.
   */
  status(): Promise<VcsFileStatus[]>;
  /**
   * The same with their patches. `git`: against the newest commit; `branch`: against where this branch left the default branch, or the newest
   * commit where they have nothing in common. `context`: unchanged lines around each change; `file`: that one alone. Throws PayloadTooLargeError above 64 MiB.
   */
  diff(options: { mode: "git" | "branch"; context?: number; file?: string }): Promise<VcsFileDiff[]>;
  /**
   * Applies a patch to the files below the directory, as a whole or not at all; the index stays as it is. Throws VcsApplyError with a reason:
   * `non-git` outside a repository, `not-clean` where the files are not what the patch begins with, or it leads out of the directory.
   */
  apply(patch: string): Promise<{ applied: true }>;
}

export function createVcs({ directory, git }: { directory: string; git: Git }): VcsService {
  let head: Promise<string | undefined> | undefined;
  const headFile = () => {
    head ??= findHead(directory, git);
    return head;
  };
  const changes = async (options: Omit<ChangesOptions, "directory"> = {}) =>
    (await isRepository(directory, git)) ? readChanges(git, { ...options, directory }) : [];
  return {
    status: () => changes(),
    diff: async ({ mode, ...shape }) =>
      changes({ ...shape, patches: true, base: mode === "branch" ? await findBranchBase(directory, git) : undefined }),
    apply: (patch) => applyPatch(git, { directory, patch }),
    head: headFile,
    async branch() {
      const file = await headFile();
      return file === undefined ? undefined : readBranch(file);
    },
    async info() {
      const [branch, defaultBranch] = await Promise.all([currentBranch(directory, git), findDefaultBranch(directory, git)]);
      return { ...(branch && { branch }), ...(defaultBranch && { default_branch: defaultBranch }) };
    },
  };
}

async function isRepository(directory: string, git: Git): Promise<boolean> {
  return (await git(directory, ["rev-parse", "--is-inside-work-tree"])).stdout === "true";
}

/** The newest commit that this branch and the default branch (the remote's, where there is one) have in common. */
async function findBranchBase(directory: string, git: Git): Promise<string | undefined> {
  const remote = await git(directory, ["symbolic-ref", "--quiet", "refs/remotes/origin/HEAD"]);
  const local = await findDefaultBranch(directory, git);
  const ref = remote.code === 0 ? remote.stdout : local && `refs/heads/${local}`;
  if (ref === undefined) return undefined;
  const { code, stdout } = await git(directory, ["merge-base", "HEAD", ref]);
  return code === 0 ? stdout : undefined;
}

/** A linked checkout has a `HEAD` of its own. */
async function findHead(directory: string, git: Git): Promise<string | undefined> {
  const { code, stdout } = await git(directory, ["rev-parse", "--absolute-git-dir"]);
  return code === 0 ? join(stdout, "HEAD") : undefined;
}

async function readBranch(file: string): Promise<string | undefined> {
  const text = await readFile(file, "utf8").catch(() => "");
  return /^ref: refs\/heads\/(.+)$/m.exec(text)?.[1];
}

/** Named before the first commit too. */
async function currentBranch(directory: string, git: Git): Promise<string | undefined> {
  const { code, stdout } = await git(directory, ["symbolic-ref", "--quiet", "--short", "HEAD"]);
  return code === 0 ? stdout : undefined;
}

/** The remote's, else the one git is set up to begin with, else `main` or `master`: whichever exists here. */
async function findDefaultBranch(directory: string, git: Git): Promise<string | undefined> {
  const remote = await git(directory, ["symbolic-ref", "--quiet", "--short", "refs/remotes/origin/HEAD"]);
  if (remote.code === 0) return remote.stdout.replace(/^origin\//, "");
  const configured = await git(directory, ["config", "--get", "init.defaultBranch"]);
  const candidates = [...(configured.code === 0 ? [configured.stdout] : []), "main", "master"];
  const refs = candidates.map((name) => `refs/heads/${name}`);
  const { code, stdout } = await git(directory, ["for-each-ref", "--format=%(refname)", ...refs]);
  const existing = code === 0 ? stdout.split("\n") : [];
  return candidates.find((name) => existing.includes(`refs/heads/${name}`));
}
