import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { VcsInfo } from "../schema/project.ts";
import type { Git } from "./git.ts";

export { createGit, type Git } from "./git.ts";

/** What version control says about one directory. */
export interface VcsService {
  /** The branch (none on a detached HEAD) and the branch that work starts from. Empty outside git. */
  info(): Promise<VcsInfo>;
  /** The branch alone (none on a detached HEAD or outside git). Asks git once for the place of `HEAD`, and then reads that file: cheap enough for every turn. */
  branch(): Promise<string | undefined>;
}

export function createVcs({ directory, git }: { directory: string; git: Git }): VcsService {
  let head: Promise<string | undefined> | undefined;
  return {
    async branch() {
      head ??= findHead(directory, git);
      const file = await head;
      return file === undefined ? undefined : readBranch(file);
    },
    async info() {
      const [branch, defaultBranch] = await Promise.all([currentBranch(directory, git), findDefaultBranch(directory, git)]);
      return { ...(branch && { branch }), ...(defaultBranch && { default_branch: defaultBranch }) };
    },
  };
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
