import { readFileSync, realpathSync, renameSync, writeFileSync } from "node:fs";
import { dirname, isAbsolute, parse, relative, resolve, sep } from "node:path";
import { z } from "zod";
import { makeDirectory } from "../file-store/file-store.ts";
import { AppError } from "../schema/error.ts";

const TrustFile = z.object({ directories: z.array(z.string()) });

/** The directories a user has trusted by name, in one file for all servers of this user. */
export interface TrustStore {
  /** Whether exactly this directory is listed. Reads the file anew: another process may have just added it. */
  isTrusted(directory: string): boolean;
  /** Lists a directory and gives its path without symlinks. Throws NotFoundError when it does not exist. */
  add(directory: string): string;
  /** Takes a directory off the list, whether or not it still exists, and gives its path. Throws NotFoundError when it is not listed. */
  remove(directory: string): string;
  list(): string[];
}

/** Opens `file`, which need not exist yet. Every call throws ConfigInvalidError when the file holds something else than a list of directories. */
export function openTrust(file: string): TrustStore {
  const list = (): string[] => readList(file);
  return {
    list,
    isTrusted: (directory) => list().includes(realDirectory(directory) ?? directory),
    add(directory) {
      const real = realDirectory(directory);
      if (real === undefined) throw new AppError("NotFoundError", `There is no directory ${directory} to trust.`);
      const directories = list();
      if (!directories.includes(real)) writeList(file, [...directories, real]);
      return real;
    },
    remove(directory) {
      const real = realDirectory(directory) ?? resolve(directory);
      const directories = list();
      if (!directories.includes(real)) throw new AppError("NotFoundError", `${real} is not on the list of trusted directories.`);
      writeList(
        file,
        directories.filter((listed) => listed !== real),
      );
      return real;
    },
  };
}

export interface TrustOptions {
  /** Allowed roots: the directory the server was started in and those the user added. */
  roots: string[];
  /** The repository in question; `/` outside git. */
  worktree: string;
  store: TrustStore;
}

/**
 * Whether the project files of a directory are trusted: it is an allowed root, or lies between the repository's root and an allowed root
 * inside it, or the user listed it. Below a root nothing is trusted by inheritance: a vendored repository speaks for itself.
 * Outside git an ancestor of a root is not trusted either: anybody may write to `/tmp`.
 */
export function trustIn({ roots, worktree, store }: TrustOptions): (directory: string) => boolean {
  const isRepository = parse(worktree).root !== worktree;
  const leadsToRoot = (directory: string): boolean =>
    isRepository && contains(worktree, directory) && roots.some((root) => contains(directory, root));
  return (directory) => roots.includes(directory) || leadsToRoot(directory) || store.isTrusted(directory);
}

function contains(directory: string, path: string): boolean {
  const way = relative(directory, path);
  return way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

function realDirectory(directory: string): string | undefined {
  try {
    return realpathSync(resolve(directory));
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

function readList(file: string): string[] {
  try {
    return TrustFile.parse(JSON.parse(readFileSync(file, "utf8"))).directories;
  } catch (error) {
    if (isMissing(error)) return [];
    const message = `${file} is not a list of trusted directories: repair it or delete it, then run "codeport trust" again.`;
    throw new AppError("ConfigInvalidError", message, { path: file }, { cause: error });
  }
}

/** A reader in another process sees the old list or the new one, never half of it. */
function writeList(file: string, directories: string[]): void {
  makeDirectory(dirname(file), 0o700);
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, `${JSON.stringify({ directories }, undefined, 2)}\n`, { mode: 0o600 });
  renameSync(draft, file);
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR");
}
