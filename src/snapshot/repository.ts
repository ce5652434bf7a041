import { mkdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join, relative, resolve, sep } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { GitAnswer, RunGit } from "./git.ts";

/** A git repository beside the user's: its own directory, its own index, the user's files as its work tree. */
export interface Repository {
  /** Its own directory. */
  directory: string;
  /** Runs git on it, in the work tree. Waits while another server's git holds the index. Throws Error with git's words when it fails. */
  run(args: string[], input?: string | Buffer): Promise<Buffer>;
  /** Runs git on the user's repository, only to read. Undefined when it fails, or there is none. */
  readUsers(args: string[], input?: string): Promise<Buffer | undefined>;
}

export interface RepositoryOptions {
  directory: string;
  worktree: string;
  /** What must never be looked into: the server's own data. */
  exclude: string;
  git: RunGit;
  /** Milliseconds for one call of git. */
  timeout: number;
}

/** Git is not installed, or it took too long: snapshots cannot work here. */
export class SnapshotsOff extends Error {}

/** Written when the repository is whole. */
const marker = "codeport";
const lockPatience = 10_000;
/** A lock this old belongs to nobody: every call of git is stopped before. */
const staleLock = 180_000;

/** Filters of the user would change contents on their way in. */
const attributes = "* -text -ident -filter !eol !crlf !working-tree-encoding\n";
const heavyDirectories = ["node_modules", ".venv", "venv", "__pycache__", "target", ".gradle", ".cache", ".Trash", "Library/Caches"];

/** Opens the repository, making it on first use. Throws SnapshotsOff. */
export async function openRepository(options: RepositoryOptions): Promise<Repository> {
  const { directory, worktree, git, timeout } = options;
  const own = [`--git-dir=${directory}`, `--work-tree=${worktree}`];

  async function run(args: string[], input?: string | Buffer): Promise<Buffer> {
    const deadline = Date.now() + lockPatience;
    for (;;) {
      const answer = await git([...own, ...args], { directory: worktree, input, timeout });
      if (answer.code === 0) return answer.stdout;
      if (answer.code === 127) throw new SnapshotsOff("git is not installed");
      if (answer.code === 124) throw new SnapshotsOff(`git took longer than ${timeout / 1000} s for ${worktree}`);
      if (!isLocked(answer) || Date.now() > deadline) throw new Error(`git ${args[0]} failed for a snapshot: ${answer.stderr}`);
      await dropStaleLock(directory);
      await delay(10 + Math.random() * 40);
    }
  }

  const readUsers = async (args: string[], input?: string): Promise<Buffer | undefined> => {
    const answer = await git(args, { directory: worktree, input, timeout });
    return answer.code === 0 ? answer.stdout : undefined;
  };

  const repository = { directory, run, readUsers };
  const made = (await stat(join(directory, marker)).catch(() => undefined)) !== undefined;
  if (!made) await make(repository);
  const users = (await readUsers(["rev-parse", "--git-path", "info/exclude"]))?.toString("utf8").trim();
  await copyExcludes(repository, { ...options, users });
  if (made) return repository;
  if (users !== undefined) await prime(repository);
  await writeFile(join(directory, marker), `${worktree}\n`);
  return repository;
}

const isLocked = ({ stderr }: GitAnswer): boolean => /index\.lock|config\.lock|could not lock/.test(stderr);

async function dropStaleLock(directory: string): Promise<void> {
  const lock = join(directory, "index.lock");
  const stats = await stat(lock).catch(() => undefined);
  if (stats && Date.now() - stats.mtimeMs > staleLock) await rm(lock, { force: true });
}

async function make(repository: Repository): Promise<void> {
  const { directory } = repository;
  await mkdir(directory, { recursive: true, mode: 0o700 });
  await repository.run(["init", "--quiet", "--template=", "--object-format=sha1"]);
  await mkdir(join(directory, "info"), { recursive: true });
  await writeFile(join(directory, "info", "attributes"), attributes);
}

/** Outside git nobody has said what is not worth keeping. */
async function copyExcludes(repository: Repository, options: RepositoryOptions & { users: string | undefined }): Promise<void> {
  const { users, worktree, exclude } = options;
  const inside = relative(worktree, exclude);
  const own = inside !== "" && !inside.startsWith("..") ? [`/${inside.split(sep).join("/")}/`] : [];
  const theirs = users === undefined ? heavyDirectories.map((name) => `${name}/`) : [await readExcludes(worktree, users)];
  await writeFile(join(repository.directory, "info", "exclude"), [...own, ...theirs, ""].join("\n"));
}

async function readExcludes(worktree: string, users: string): Promise<string> {
  return readFile(resolve(worktree, users), "utf8").catch(() => "");
}

/**
 * Starts from what the user's index knows, so that files which are as they were committed are compared and not stored again, and
 * files that are tracked in spite of .gitignore are seen.
 */
async function prime(repository: Repository): Promise<void> {
  const listed = (await repository.readUsers(["ls-files", "-z", "--stage"]))?.toString("utf8") ?? "";
  const entries = listed.split("\0").filter((entry) => /^(100644|100755|120000) [0-9a-f]{40} 0\t/.test(entry));
  if (entries.length === 0) return;
  await repository.run(["update-index", "-z", "--index-info"], `${entries.join("\0")}\0`);
  // It fails where a file differs: those are found by the snapshot that follows.
  await repository.run(["update-index", "-q", "--refresh"]).catch((error) => {
    if (error instanceof SnapshotsOff) throw error;
  });
}
