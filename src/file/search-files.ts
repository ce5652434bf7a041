import fuzzysort from "fuzzysort";
import { byName } from "./order.ts";
import { ripgrep } from "./ripgrep.ts";
import { toRelative } from "./search-text.ts";

export interface FileSearch {
  directory: string;
  /** Further ripgrep arguments: which ignore files count. */
  scope: string[];
  limit: number;
  /** Both kinds unless told. */
  type?: "file" | "directory";
  signal?: AbortSignal;
}

/** Names that resemble the query, best first. An empty query lists what lies nearest to the root: directories first, each by name. */
export async function searchFiles(query: string, options: FileSearch): Promise<string[]> {
  const files = await listFiles(options);
  const names = [...(options.type === "file" ? [] : directoriesOf(files)), ...(options.type === "directory" ? [] : files)];
  if (query.trim() === "") return names.sort(nearestFirst).slice(0, options.limit);
  return fuzzysort.go(query.trim(), names, { limit: options.limit, threshold: 0 }).map((result) => result.target);
}

/** All files that are not ignored. */
async function listFiles({ directory, scope, signal }: FileSearch): Promise<string[]> {
  const files: string[] = [];
  for await (const file of ripgrep(["--files", "--null", ...scope, "./"], { directory, separator: "\0", signal }))
    files.push(toRelative(file));
  return files;
}

/** Directories that hold a file, at any depth, each ending with "/". */
function directoriesOf(files: string[]): string[] {
  const directories = new Set<string>();
  for (const file of files) {
    for (let end = file.lastIndexOf("/"); end > 0; end = file.lastIndexOf("/", end - 1)) {
      const directory = file.slice(0, end + 1);
      if (directories.has(directory)) break;
      directories.add(directory);
    }
  }
  return [...directories];
}

function nearestFirst(left: string, right: string): number {
  const isFile = (name: string): number => Number(!name.endsWith("/"));
  return depth(left) - depth(right) || isFile(left) - isFile(right) || byName(left, right);
}

function depth(name: string): number {
  return name.replace(/\/$/, "").split("/").length;
}
