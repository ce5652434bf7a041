import type { Dirent } from "node:fs";
import { readdir, realpath, stat } from "node:fs/promises";
import { join } from "node:path";
import { AppError } from "../schema/error.ts";
import type { FileNode } from "../schema/file.ts";
import { fileError } from "./failure.ts";
import { type IsIgnored, readIgnoreRules } from "./ignored.ts";
import { type Place, resolveInside } from "./inside.ts";
import { byName } from "./order.ts";

/** The entries of a directory, directories first, each by name. A directory's `path` ends with "/", `.git` is among them, as in OpenCode. */
export async function listDirectory(root: string, path: string, { top }: { top: string }): Promise<FileNode[]> {
  const place = await resolveInside(root, path);
  const entries = await readEntries(place);
  const isIgnored = await readIgnoreRules(await realpath(top), place.absolute);
  const nodes = await Promise.all(entries.map((entry) => toNode(entry, { root, place, isIgnored })));
  return nodes.sort((left, right) => byName(left.type, right.type) || byName(left.name, right.name));
}

async function readEntries(place: Place): Promise<Dirent[]> {
  try {
    return await readdir(place.absolute, { withFileTypes: true });
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOTDIR") {
      throw new AppError("BadRequest", `"${place.path}" is not a directory.`, {}, { cause: error });
    }
    throw fileError(error, place.path);
  }
}

async function toNode(entry: Dirent, { root, place, isIgnored }: { root: string; place: Place; isIgnored: IsIgnored }): Promise<FileNode> {
  const path = place.path === "" ? entry.name : `${place.path}/${entry.name}`;
  const isDirectory = entry.isSymbolicLink() ? await leadsToDirectory(root, path) : entry.isDirectory();
  return {
    name: entry.name,
    path: isDirectory ? `${path}/` : path,
    absolute: join(root, path),
    type: isDirectory ? "directory" : "file",
    // To git a link is a file, whatever it leads to; and its own directory is beyond its rules.
    ignored: entry.name !== ".git" && isIgnored(join(place.absolute, entry.name), entry.isDirectory()),
  };
}

/** A link that leads outside or nowhere shows as a file. */
async function leadsToDirectory(root: string, path: string): Promise<boolean> {
  try {
    return (await stat((await resolveInside(root, path)).absolute)).isDirectory();
  } catch (error) {
    if (error instanceof AppError) return false;
    throw error;
  }
}
