import { readFile, realpath, stat } from "node:fs/promises";
import { dirname, isAbsolute, join, relative, resolve, sep } from "node:path";
import { AppError } from "../schema/error.ts";
import { type Document, parseDocument } from "./document.ts";

/** A configuration file is a page or two: what is larger is something else. */
const largest = 4 * 1024 * 1024;

/** One place a configuration may come from. */
export interface Source {
  file: string;
}

export interface ProjectSource extends Source {
  /** The directory whose word it is. */
  project: string;
}

const names = ["opencode.json", "opencode.jsonc"];

/** Files of the user, weakest first. */
export function userSources(env: NodeJS.ProcessEnv, home: string): Source[] {
  const files = userFolders(env, home).flatMap((folder) => ["config.json", ...names].map((name) => join(folder, name)));
  return files.map((file) => ({ file }));
}

/** Folders of the user's own that may hold agents and commands, weakest first. */
export function userFolders(env: NodeJS.ProcessEnv, home: string): string[] {
  const base = env.XDG_CONFIG_HOME || join(home, ".config");
  return ["opencode", "codeport"].map((folder) => join(base, folder));
}

/** The directories whose word counts for this one, from the worktree's root down. Outside the worktree: only itself. */
export function projectDirectories(worktree: string, directory: string): string[] {
  return between(worktree, directory);
}

/** Files of the project, from the worktree's root down to the directory. Outside the worktree: the directory's own. */
export function projectSources(worktree: string, directory: string): ProjectSource[] {
  return between(worktree, directory).flatMap((project) => {
    const files = [project, join(project, ".opencode")].flatMap((folder) => names.map((name) => join(folder, name)));
    return files.map((file) => ({ file, project }));
  });
}

function between(worktree: string, directory: string): string[] {
  const way = relative(worktree, directory);
  if (isAbsolute(way) || way.split(sep)[0] === "..") return [directory];
  const names = way.split(sep).filter((name) => name !== "");
  return [worktree, ...names.map((_, index) => join(worktree, ...names.slice(0, index + 1)))];
}

/** Reads and parses a file; undefined when there is none. Throws ConfigInvalidError naming it when it is not readable JSON. */
export async function readSource({ file }: Source): Promise<Document | undefined> {
  const text = await readText(file);
  return text === undefined ? undefined : parseDocument(file, text);
}

/** The text of a file; undefined when there is none. Throws ConfigInvalidError for what is no file or cannot be read. */
export async function readText(file: string): Promise<string | undefined> {
  const found = await orMissing(file, stat(file));
  if (found === undefined) return undefined;
  if (!found.isFile() || found.size > largest) throw unreadable(file, found.isFile() ? "is larger than 4 MB" : "is not a file");
  return orMissing(file, readFile(file, "utf8"));
}

/** The file that `OPENCODE_CONFIG` names, which has to be there. */
export async function readNamed(file: string): Promise<Document> {
  const absolute = resolve(file);
  const document = await readSource({ file: absolute });
  if (document === undefined) throw unreadable(absolute, "does not exist, but OPENCODE_CONFIG names it");
  return document;
}

/** Whether a project's file is a link to something outside the project: a way to show what the project cannot read itself. */
export async function leadsOut({ file, project }: ProjectSource): Promise<boolean> {
  const target = await orMissing(file, realpath(file));
  if (target === undefined) return false;
  const way = relative(await realpath(project), dirname(target));
  return isAbsolute(way) || way.split(sep)[0] === "..";
}

async function orMissing<Value>(file: string, reading: Promise<Value>): Promise<Value | undefined> {
  try {
    return await reading;
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw unreadable(file, `cannot be read (${String(code)})`, error);
  }
}

function unreadable(file: string, reason: string, cause?: unknown): AppError {
  return new AppError("ConfigInvalidError", `${file} ${reason}.`, { path: file }, { cause });
}
