import { isAbsolute, relative, resolve, sep } from "node:path";
import { AppError } from "../schema/error.ts";
import type { VcsFileDiff } from "../schema/project.ts";
import type { Git } from "./git.ts";
import { withUntracked } from "./untracked.ts";

/** A file that differs from a commit. Binary files count no lines. */
export type Change = VcsFileDiff & { status: "added" | "deleted" | "modified" };

export interface ChangesOptions {
  /** Only what lies in it; names are relative to it. */
  directory: string;
  /** A commit or tree; the newest commit unless told, in a repository without one the empty tree. */
  base?: string;
  patches?: boolean;
  /** That one alone, relative to the directory. */
  file?: string;
  /** Unchanged lines around each change; 3 unless told. */
  context?: number;
}

const mostContext = 1_000_000;

/**
 * How the files of a directory (staged or not, untracked but not ignored) differ from a commit, by name. A renamed file is one deleted and
 * one added. No program that a repository's attributes name shows them, and submodules are not entered. Throws ForbiddenError for a file outside the directory.
 */
export async function readChanges(git: Git, options: ChangesOptions): Promise<Change[]> {
  const { directory, patches = false, context, file } = options;
  if (file !== undefined) requireInside(directory, file);
  const base = options.base ?? (await newestTree(git, directory));
  const only = ["--relative", "--no-renames", "--no-ext-diff", "--no-textconv", "--no-color", "--ignore-submodules=dirty"];
  const show = ["--raw", "--numstat", "-z", ...(patches ? ["--patch", ...contextOf(context)] : [])];
  const { code, stdout, stderr } = await withUntracked(git, directory, (index) =>
    git(directory, ["diff", ...only, ...show, base, "--", ...(file === undefined ? [] : [`:(literal)${file}`])], { index, exact: true }),
  );
  if (code !== 0) throw new AppError("ServiceUnavailableError", `git cannot compare the files: ${stderr}`);
  const { compare } = new Intl.Collator("en");
  return parseChanges(stdout, patches).sort((left, right) => compare(left.file, right.file));
}

function requireInside(directory: string, file: string): void {
  const way = relative(directory, resolve(directory, file));
  if (!file.includes("\0") && !isAbsolute(file) && !isAbsolute(way) && way !== ".." && !way.startsWith(`..${sep}`)) return;
  throw new AppError("ForbiddenError", `file: ${JSON.stringify(file)} is not a path below the directory.`, { field: "file" });
}

async function newestTree(git: Git, directory: string): Promise<string> {
  const head = await git(directory, ["rev-parse", "--verify", "--quiet", "HEAD"]);
  if (head.code === 0) return head.stdout;
  return (await git(directory, ["hash-object", "-t", "tree", "--stdin"])).stdout;
}

function contextOf(lines: number | undefined): string[] {
  return lines === undefined ? [] : [`--unified=${Math.min(lines, mostContext)}`];
}

/** `:mode mode hash hash status NUL path NUL` of each file, `added TAB removed TAB path NUL` of each, an empty record, and the patches in the same order. */
function parseChanges(text: string, patches: boolean): Change[] {
  const records = text.split("\0");
  const letters = new Map<string, string>();
  let at = 0;
  for (; records[at]?.startsWith(":"); at += 2) letters.set(records[at + 1] ?? "", records[at]?.at(-1) ?? "");
  const numbers = new Map<string, { additions: number; deletions: number }>();
  for (; records[at]; at++) {
    const [added = "", removed = "", ...name] = records[at]?.split("\t") ?? [];
    numbers.set(name.join("\t"), { additions: countOf(added), deletions: countOf(removed) });
  }
  const sections = records
    .slice(at + 1)
    .join("\0")
    .split(/^(?=diff --git )/m);
  return [...letters].map(([file, letter]) => ({
    file,
    // A file that became a link has two sections, one for each.
    ...(patches && { patch: sections.splice(0, letter === "T" ? 2 : 1).join("") }),
    ...(numbers.get(file) ?? { additions: 0, deletions: 0 }),
    status: statusOf(letter),
  }));
}

/** Of a binary file git says "-". */
const countOf = (text: string): number => Number.parseInt(text, 10) || 0;

function statusOf(letter: string): Change["status"] {
  if (letter === "A") return "added";
  return letter === "D" ? "deleted" : "modified";
}
