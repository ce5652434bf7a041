import { readlink, realpath, stat } from "node:fs/promises";
import path from "node:path";
import { refuseHeld } from "../held-file/held-file.ts";
import { AppError } from "../schema/error.ts";
import type { ToolContext } from "./tool.ts";

/** A path as a tool uses it: as the model named it (`absolute`), and where it really leads (`real`, links followed). */
export interface ToolPath {
  absolute: string;
  real: string;
  /** From the worktree, with forward slashes: what people and permission patterns read. */
  relative: string;
}

export type PathKind = "file" | "directory";

const maximumLinks = 40;

/**
 * Resolves a path of the model and asks for `external_directory` first when it leads outside the worktree and the
 * session's directory. `options.alsoInside` names further places that need no asking.
 */
export async function enterPath(
  given: string,
  context: ToolContext,
  options: { kind: PathKind; alsoInside?: string[] },
): Promise<ToolPath> {
  const target = await resolvePath(given, context);
  if (options.kind === "file") refuseHeld(target.real, target.relative);
  if (await isInside(target, context, options.alsoInside)) return target;
  const parentDir = options.kind === "directory" ? target.real : path.dirname(target.real);
  const patterns = [below(parentDir)];
  const metadata = { filepath: target.absolute, parentDir };
  await context.ask({ permission: "external_directory", patterns, always: patterns, metadata });
  return target;
}

/** Asks once for `external_directory`, for all of the paths that lead outside; full outputs of earlier calls count as inside. */
export async function enterPaths(given: string[], context: ToolContext, metadata: Record<string, unknown>): Promise<void> {
  const patterns = new Set<string>();
  for (const name of given) {
    const target = await resolvePath(name, context);
    if (await isInside(target, context, [context.output.directory])) continue;
    const stats = await stat(target.real).catch(() => undefined);
    patterns.add(below(stats?.isDirectory() ? target.real : path.dirname(target.real)));
  }
  if (patterns.size === 0) return;
  await context.ask({ permission: "external_directory", patterns: [...patterns], always: [...patterns], metadata });
}

async function isInside(target: ToolPath, context: ToolContext, also: string[] = []): Promise<boolean> {
  const roots = await Promise.all([boundary(context), context.directory, ...also].map((root) => resolveLinks(root)));
  return roots.some((root) => contains(root, target.real));
}

const below = (directory: string): string => `${slashes(directory).replace(/\/$/, "")}/*`;

export async function resolvePath(given: string, context: ToolContext): Promise<ToolPath> {
  if (given.includes("\0")) throw new AppError("BadRequest", "The path holds a NUL byte. Give a plain path.");
  const absolute = path.resolve(context.directory, given);
  const real = await resolveLinks(absolute);
  return { absolute, real, relative: slashes(path.relative(boundary(context), absolute)) };
}

/**
 * The patterns a permission rule is matched against: the path as named, and where a link leads, so that a rule about a
 * file also holds for a link to it.
 */
export async function permissionPatterns(target: ToolPath, context: ToolContext): Promise<string[]> {
  const root = await resolveLinks(boundary(context));
  const followed = slashes(path.relative(root, target.real));
  return [...new Set([target.relative, followed])].map((pattern) => pattern || ".");
}

/** Whether `file` is `root` or lies below it. Both must be resolved. */
export function contains(root: string, file: string): boolean {
  const relative = path.relative(root, file);
  return relative !== ".." && !relative.startsWith(`..${path.sep}`) && !path.isAbsolute(relative);
}

export function slashes(file: string): string {
  return path.sep === "\\" ? file.replaceAll("\\", "/") : file;
}

/** Outside a repository the worktree is the file system's root, which bounds nothing: then the directory does. */
export function boundary(context: ToolContext): string {
  return path.dirname(context.worktree) === context.worktree ? context.directory : context.worktree;
}

/** Follows links also where the end does not exist yet: a dangling link, or a file that is about to be written. */
async function resolveLinks(file: string, links = 0): Promise<string> {
  if (links > maximumLinks) throw new AppError("BadRequest", `Too many symbolic links on the way to ${file}.`);
  try {
    return await realpath(file);
  } catch (error) {
    const code = errorCode(error);
    if (code === "ELOOP") throw new AppError("BadRequest", `${file} is a symbolic link that leads to itself.`);
    if (code === "EACCES" || code === "EPERM") throw new AppError("ForbiddenError", `The system refuses access to ${file}.`);
    if (code !== "ENOENT" && code !== "ENOTDIR") throw error;
  }
  const parent = path.dirname(file);
  if (parent === file) return file;
  const place = path.join(await resolveLinks(parent, links), path.basename(file));
  const link = await linkTarget(place);
  return link === undefined ? place : resolveLinks(path.resolve(path.dirname(place), link), links + 1);
}

async function linkTarget(file: string): Promise<string | undefined> {
  try {
    return await readlink(file);
  } catch {
    // Not a link, or nothing there: both mean that the name stands for itself.
    return undefined;
  }
}

export function errorCode(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}
