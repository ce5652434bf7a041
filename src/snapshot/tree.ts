import { access, constants, lstat } from "node:fs/promises";
import { join, sep } from "node:path";
import type { FileChange, FileState } from "../schema/change.ts";
import type { Objects } from "./objects.ts";
import { type Repository, SnapshotsOff } from "./repository.ts";

/** Brings the repository's index up to the files as they are. `tooLarge` are left as they were in it. */
/** `bytes`: of one file. `most`: of all that one refresh takes in; throws SnapshotsOff for more. */
export interface Limits {
  worktree: string;
  bytes: number;
  most: { files: number; bytes: number };
}

export async function refreshIndex(repository: Repository, limits: Limits): Promise<{ changed: boolean; tooLarge: string[] }> {
  const listed = await repository.run(["ls-files", "-z", "--others", "--modified", "--exclude-standard"]);
  // A name that ends in a slash is another repository, which keeps its own history.
  const names = [...new Set(split(listed))].filter((name) => !name.endsWith("/"));
  const [wanted, tooLarge]: [string[], string[]] = [[], []];
  let bytes = 0;
  for (const name of names) {
    const size = await sizeOf(join(limits.worktree, ...name.split("/")));
    if (size === undefined) continue;
    if (size > limits.bytes) tooLarge.push(name);
    else wanted.push(name);
    bytes += size > limits.bytes ? 0 : size;
    if (wanted.length > limits.most.files || bytes > limits.most.bytes)
      throw new SnapshotsOff(`${limits.worktree} holds too much that git does not`);
  }
  if (wanted.length > 0)
    await repository.run(["update-index", "-z", "--add", "--remove", "--replace", "--stdin"], `${wanted.join("\0")}\0`);
  return { changed: wanted.length > 0, tooLarge };
}

/** In bytes; 0 for what is gone (the index has to forget it) and for links. Undefined for what may not be read. */
async function sizeOf(file: string): Promise<number | undefined> {
  try {
    const stats = await lstat(file);
    if (!stats.isFile()) return 0;
    await access(file, constants.R_OK);
    return stats.size;
  } catch (error) {
    return ["ENOENT", "ENOTDIR"].includes((error as NodeJS.ErrnoException).code ?? "") ? 0 : undefined;
  }
}

/** The files that differ between two trees, in the order of their names. */
export async function compareTrees(repository: Repository, worktree: string, range: { from: string; to: string }): Promise<FileChange[]> {
  const fields = split(await repository.run(["diff-tree", "-r", "-z", "--raw", "--no-renames", "--no-abbrev", range.from, range.to]));
  const changes: FileChange[] = [];
  for (let at = 0; at + 1 < fields.length; at += 2) {
    const [oldMode = "", newMode = "", oldHash = "", newHash = ""] = (fields[at] ?? "").slice(1).split(" ");
    const file = join(worktree, ...(fields[at + 1] ?? "").split("/"));
    changes.push({ file, before: toState(oldMode, oldHash), after: toState(newMode, newHash) });
  }
  return changes;
}

function toState(mode: string, hash: string): FileState | undefined {
  if (mode === "120000") return { mode, hash };
  // Windows does not say which files may be run; what git remembers of it would differ from what is found.
  if (mode === "100755" && process.platform !== "win32") return { mode, hash };
  return mode === "100644" || mode === "100755" ? { mode: "100644", hash } : undefined;
}

/** Contents that only the user's repository holds are copied: it may throw them away some day. */
export async function copyMissing(repository: Repository, objects: Objects, hashes: string[]): Promise<void> {
  const missing: string[] = [];
  for (const hash of new Set(hashes)) if (!(await objects.has(hash))) missing.push(hash);
  if (missing.length === 0) return;
  const answer = await repository.readUsers(["cat-file", "--batch"], `${missing.join("\n")}\n`);
  for (const content of batchContents(answer ?? Buffer.alloc(0))) await objects.write(content);
}

/** The answer of `git cat-file --batch`: for each object `<hash> <type> <size>`, or `<hash> missing`. */
function* batchContents(answer: Buffer): Generator<Buffer> {
  for (let at = 0; at < answer.length; ) {
    const end = answer.indexOf("\n", at);
    const [, type, size] = answer.toString("utf8", at, end).split(" ");
    at = end + 1;
    if (type === "missing" || size === undefined) continue;
    yield answer.subarray(at, at + Number(size));
    at += Number(size) + 1;
  }
}

/** Git's id of nothing. */
const nothing = "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391";

/** Has the index hold nothing in place of these contents. The next refresh finds the files changed and takes them in anew, if they are still there. */
export async function releaseContents(repository: Repository, hashes: ReadonlySet<string>): Promise<void> {
  const entries = split(await repository.run(["ls-files", "-z", "--stage"])).flatMap((entry) => {
    const [, mode, hash = "", name] = /^(\d+) ([0-9a-f]+) \d\t(.*)$/s.exec(entry) ?? [];
    return hashes.has(hash) ? [`${mode} ${nothing}\t${name}`] : [];
  });
  if (entries.length > 0) await repository.run(["update-index", "-z", "--index-info"], `${entries.join("\0")}\0`);
}

/** The ids of everything that the index stands for: contents, and the trees that hold them. */
export async function indexed(repository: Repository): Promise<string[]> {
  const tree = (await repository.run(["write-tree", "--missing-ok"])).toString("utf8").trim();
  const entries = split(await repository.run(["ls-tree", "-r", "-t", "-z", tree]));
  return [tree, ...entries.flatMap((entry) => entry.split("\t")[0]?.split(" ")[2] ?? [])];
}

function split(bytes: Buffer): string[] {
  return bytes.toString("utf8").split("\0").filter(Boolean);
}

export function slashes(path: string): string {
  return sep === "\\" ? path.replaceAll("\\", "/") : path;
}
