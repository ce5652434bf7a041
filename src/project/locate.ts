import { realpath } from "node:fs/promises";
import { join, normalize, resolve } from "node:path";
import { AppError } from "../schema/error.ts";
import type { Project } from "../schema/project.ts";
import type { Git } from "../vcs/vcs.ts";

/** Where a directory belongs. */
export interface Location {
  id: string;
  vcs?: Project["vcs"];
  /** The root of the checkout that holds the directory; `/` outside git. */
  worktree: string;
  /** The repository's main checkout, and its other ones. */
  main: string;
  others: string[];
}

export const globalID = "global";

/** Asks git where a directory belongs. */
export interface Locator {
  /** Throws NotFoundError when the directory does not exist. */
  locate(directory: string): Promise<Location>;
}

/**
 * Root commits are remembered per checkout, since git walks the whole history to find them. A repository without commits has no
 * identity yet: it is part of the global project, with its own root as worktree, and becomes a project with its first commit.
 */
export function createLocator(git: Git): Locator {
  const rootCommits = new Map<string, string>();
  const rootCommit = async (worktree: string): Promise<string | undefined> => {
    const found = rootCommits.get(worktree) ?? (await findRootCommit(worktree, git));
    if (found !== undefined) rootCommits.set(worktree, found);
    return found;
  };
  return {
    async locate(directory) {
      const worktree = await findWorktree(await existing(directory), git);
      if (worktree === undefined) return { id: globalID, worktree: "/", main: "/", others: [] };
      const [id, checkouts] = await Promise.all([rootCommit(worktree), listCheckouts(worktree, git)]);
      const [main = worktree, ...others] = checkouts;
      return { id: id ?? globalID, vcs: "git", worktree, main, others };
    },
  };
}

async function existing(directory: string): Promise<string> {
  try {
    return await realpath(directory);
  } catch (error) {
    throw new AppError("NotFoundError", `There is no directory ${directory}.`, {}, { cause: error });
  }
}

async function findWorktree(directory: string, git: Git): Promise<string | undefined> {
  const { code, stdout } = await git(directory, ["rev-parse", "--show-toplevel"]);
  // git answers with slashes on Windows too.
  return code === 0 && stdout !== "" ? normalize(stdout) : undefined;
}

/** Of several root commits the one OpenCode takes: the first in the order of their hashes. */
async function findRootCommit(worktree: string, git: Git): Promise<string | undefined> {
  const { code, stdout } = await git(worktree, ["rev-list", "--max-parents=0", "HEAD", "--"]);
  return code === 0 ? stdout.split("\n").filter(Boolean).sort()[0] : undefined;
}

/** The main checkout first, as far as it is known. A bare repository and checkouts whose directory is gone are not places to work in. */
async function listCheckouts(worktree: string, git: Git): Promise<string[]> {
  const { code, stdout } = await git(worktree, ["worktree", "list", "--porcelain"]);
  if (code !== 0) return [worktree];
  const listed = stdout
    .split("\n\n")
    .map((entry) => entry.split("\n"))
    .filter((lines) => !lines.includes("bare") && !lines.some((line) => line.startsWith("prunable")))
    .flatMap(([first = ""]) => (first.startsWith("worktree ") ? [normalize(first.slice("worktree ".length))] : []));
  return listed[0] === worktree ? listed : withoutStore(listed, { worktree, git });
}

/** Where git keeps the repository away from its checkout (a submodule, `--separate-git-dir`), it lists the store in the checkout's place. */
async function withoutStore(listed: string[], { worktree, git }: { worktree: string; git: Git }): Promise<string[]> {
  const [first, ...others] = listed;
  const store = resolve(worktree, (await git(worktree, ["rev-parse", "--git-common-dir"])).stdout);
  if (first !== store) return listed;
  const { code, stdout } = await git(worktree, ["config", "--file", join(store, "config"), "core.worktree"]);
  const main = code === 0 ? resolve(store, stdout) : worktree;
  return [main, ...others.filter((checkout) => checkout !== main)];
}
