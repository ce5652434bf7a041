import { lstat, readFile } from "node:fs/promises";
import { isAbsolute, join, parse, relative, sep } from "node:path";
import ignore, { type Ignore } from "ignore";

/** The rules of one ignore file, for what lies below its directory. */
interface Level {
  base: string;
  rules: Ignore;
}

/** Whether git ignores something; `absolute` lies below the directory that was asked about. */
export type IsIgnored = (absolute: string, isDirectory: boolean) => boolean;

/** Git tells cases apart where the file system does. */
const ignorecase = process.platform === "win32" || process.platform === "darwin";

/**
 * The rules that hold in a directory: the `.gitignore` files from the top (the repository's root) down to it, and `.git/info/exclude`.
 * A deeper file overrules a shallower one, but nothing below an ignored directory comes back, as in gitignore(5).
 */
export async function readIgnoreRules(top: string, directory: string): Promise<IsIgnored> {
  const directories = segmentsBetween(top, directory).reduce<string[]>((all, name) => all.concat(join(all.at(-1) ?? top, name)), [top]);
  const files = [
    { base: top, file: join(top, ".git", "info", "exclude") },
    ...directories.map((base) => ({ base, file: join(base, ".gitignore") })),
  ];
  const levels = (await Promise.all(files.map(readLevel))).filter((level) => level !== undefined).reverse();
  const isHidden = directories.slice(1).some((ancestor) => decide(levels, ancestor, true));
  return (absolute, isDirectory) => isHidden || decide(levels, absolute, isDirectory);
}

/** The top of the rules for a root: the repository it lies in, else itself. */
export function topOf(root: string, worktree: string | undefined): string {
  if (worktree === undefined || parse(worktree).root === worktree) return root;
  const way = relative(worktree, root);
  return isAbsolute(way) || way.split(sep)[0] === ".." ? root : worktree;
}

/** `levels`: deepest first; the first that says anything decides. */
function decide(levels: Level[], absolute: string, isDirectory: boolean): boolean {
  for (const { base, rules } of levels) {
    const names = segmentsBetween(base, absolute);
    if (names.length === 0 || names[0] === "..") continue;
    const { ignored, unignored } = rules.test(names.join("/") + (isDirectory ? "/" : ""));
    if (ignored || unignored) return ignored;
  }
  return false;
}

function segmentsBetween(base: string, path: string): string[] {
  return relative(base, path)
    .split(sep)
    .filter((name) => name !== "");
}

/** Like git, follows no link here. */
async function readLevel({ base, file }: { base: string; file: string }): Promise<Level | undefined> {
  try {
    if (!(await lstat(file)).isFile()) return undefined;
    return { base, rules: ignore({ ignorecase }).add(await readFile(file, "utf8")) };
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    // In a linked checkout `.git` is a file. What git cannot read has no rules for git either.
    if (code === "ENOENT" || code === "ENOTDIR" || code === "EACCES") return undefined;
    throw error;
  }
}
