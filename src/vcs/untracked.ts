import { copyFile, mkdtemp, rm, stat, utimes } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { AppError } from "../schema/error.ts";
import type { Git } from "./git.ts";

/**
 * Runs something with a copy of the index in which the untracked files below the directory are known (by name alone: nothing is stored), so
 * that one diff shows them as new. The repository's own index stays as it is. Repositories within this one are not its files.
 */
export async function withUntracked<Value>(git: Git, directory: string, run: (index: string) => Promise<Value>): Promise<Value> {
  const folder = await mkdtemp(join(tmpdir(), "codeport-index-"));
  try {
    const index = join(folder, "index");
    const own = await git(directory, ["rev-parse", "--git-path", "index"]);
    await copyExisting(resolve(directory, own.stdout), index);
    await addNames(git, directory, index);
    return await run(index);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * Each with the content of an empty file and the stat of none, so that git looks at the file itself, and passes over one that has gone meanwhile.
 * `git add --intent-to-add` says the same, but compares every file with every name it is given: 50,000 took 36 s.
 */
async function addNames(git: Git, directory: string, index: string): Promise<void> {
  const { stdout } = await git(directory, ["ls-files", "--others", "--exclude-standard", "--full-name", "-z"], { exact: true });
  const names = stdout.split("\0").filter((name) => name !== "" && !name.endsWith("/"));
  if (names.length === 0) return;
  const { stdout: empty } = await git(directory, ["hash-object", "-t", "blob", "--stdin"]);
  const input = names.map((name) => `100644 ${empty}\t${name}\0`).join("");
  const { code, stderr } = await git(directory, ["update-index", "-z", "--index-info"], { index, input });
  if (code !== 0) throw new AppError("ServiceUnavailableError", `git cannot list the new files: ${stderr}`);
}

/**
 * A repository that never staged anything has no index. The copy is as old as the index: what was written since is what git compares by
 * content, where size and second are the same.
 */
async function copyExisting(from: string, to: string): Promise<void> {
  try {
    const seconds = Math.floor((await stat(from)).mtimeMs) / 1000;
    await copyFile(from, to);
    await utimes(to, seconds, seconds);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error;
  }
}
