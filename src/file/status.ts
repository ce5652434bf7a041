import { realpath } from "node:fs/promises";
import { relative, resolve, sep } from "node:path";
import { AppError } from "../schema/error.ts";
import type { FileStatus } from "../schema/file.ts";
import { resolveInside } from "./inside.ts";

/** The files that changed since the newest commit, with names relative to the root. */
export type Changes = () => Promise<{ file: string; additions: number; deletions: number; status: FileStatus["status"] }[]>;

/** Of everything, or of what the path leads to. A file that was deleted is found too; what neither is nor was there is NotFoundError. */
export async function fileStatus(root: string, { path, changes }: { path?: string; changes: Changes }): Promise<FileStatus[]> {
  const places = path === undefined ? undefined : await placesOf(root, path);
  const all = (await changes()).map(({ file, additions, deletions, status }) => ({
    path: file,
    added: additions,
    removed: deletions,
    status,
  }));
  if (places === undefined) return all;
  const found = all.filter((file) => places.names.some((name) => name === "" || file.path === name || file.path.startsWith(`${name}/`)));
  if (found.length === 0 && places.missing !== undefined) throw places.missing;
  return found;
}

/** The names git may know it by: as it was asked for, and without links. */
async function placesOf(root: string, path: string): Promise<{ names: string[]; missing?: AppError }> {
  try {
    const place = await resolveInside(root, path);
    return { names: [place.path, slashed(relative(await realpath(root), place.absolute))] };
  } catch (error) {
    if (!(error instanceof AppError) || error.name !== "NotFoundError") throw error;
    return { names: [slashed(relative(root, resolve(root, path)))], missing: error };
  }
}

const slashed = (name: string): string => name.split(sep).join("/");
