import { glob, readFile } from "node:fs/promises";
import { dirname, join, relative, resolve } from "node:path";
import { isHeld } from "../held-file/held-file.ts";
import { AppError } from "../schema/error.ts";
import { resolveInside } from "./inside.ts";

export interface InstructionSources {
  directory: string;
  /** The root of the checkout; `/` outside git. */
  worktree: string;
  /** The user's home, for `~/`. */
  home?: string;
  /** The user's own configuration directories: an `AGENTS.md` in one of them speaks for all projects. */
  personal?: string[];
  /** The configuration's `instructions`: paths, globs (relative to the directory, or `~/…`) and URLs. */
  configured?: string[];
}

const names = ["AGENTS.md", "CLAUDE.md"];
const patience = 5_000;

/**
 * The texts of instructions to agents, most general first: the user's own, those of the worktree's root, of the directory and of what lies
 * between (`AGENTS.md`, or `CLAUDE.md` where there is none), then the configured ones. What is not there contributes nothing, nor does a
 * link of the project that leads out of it; what cannot be read is an error.
 */
export async function readInstructions(sources: InstructionSources): Promise<string[]> {
  const { directory, worktree, personal = [], configured = [] } = sources;
  const root = worktree === "/" ? directory : worktree;
  const own = await Promise.all(
    personal.map((folder) =>
      firstText(
        names.map((name) => join(folder, name)),
        readText,
      ),
    ),
  );
  const project = await Promise.all(
    ancestry(directory, root).map((folder) =>
      firstText(
        names.map((name) => join(folder, name)),
        (file) => readInside(root, file),
      ),
    ),
  );
  const named = await Promise.all(configured.map((source) => readConfigured(source, sources)));
  return [...new Set([...own, ...project, ...named.flat()].filter((text) => text !== undefined))];
}

function ancestry(directory: string, root: string): string[] {
  const folders = [directory];
  for (let folder = directory; folder !== root && !relative(root, folder).startsWith(".."); folders.unshift(folder))
    folder = dirname(folder);
  return folders;
}

async function firstText(files: string[], read: (file: string) => Promise<string | undefined>): Promise<string | undefined> {
  for (const file of files) {
    const text = await read(file);
    if (text !== undefined) return text;
  }
  return undefined;
}

async function readConfigured(source: string, { directory, worktree, home = "~" }: InstructionSources): Promise<(string | undefined)[]> {
  if (/^https?:\/\//.test(source)) return [await fetchText(source)];
  const pattern = source.startsWith("~/") ? join(home, source.slice(2)) : resolve(directory, source);
  const files: string[] = [];
  for await (const file of glob(pattern)) files.push(file);
  const root = worktree === "/" ? directory : worktree;
  // What is named as lying outside may lie there.
  const isOwn = !relative(root, pattern).startsWith("..");
  return Promise.all(files.sort().map((file) => (isOwn ? readInside(root, file) : readText(file))));
}

async function fetchText(url: string): Promise<string> {
  const response = await fetch(url, { signal: AbortSignal.timeout(patience) });
  if (!response.ok)
    throw new AppError("ServiceUnavailableError", `The instructions at ${url} cannot be had: it answered ${response.status}.`);
  return `Instructions from: ${url}\n${await response.text()}`;
}

async function readInside(root: string, file: string): Promise<string | undefined> {
  try {
    const { absolute } = await resolveInside(root, file);
    return await readText(absolute, file);
  } catch (error) {
    if (error instanceof AppError) return undefined;
    throw error;
  }
}

async function readText(file: string, named = file): Promise<string | undefined> {
  if (isHeld(file)) return undefined;
  try {
    return `Instructions from: ${named}\n${await readFile(file, "utf8")}`;
  } catch (error) {
    if (["ENOENT", "ENOTDIR", "EISDIR"].includes((error as NodeJS.ErrnoException).code ?? "")) return undefined;
    throw error;
  }
}
