import type { FileNode } from "../../../../src/client/client.ts";
import type { TreeRow } from "../../ui/tree/rows.ts";

/** The entries of the directories that were asked for, by path; the top is the empty one. */
export type Listings = ReadonlyMap<string, readonly FileNode[]>;

/** The rows of a tree whose directories are read when they are opened; one that is not read yet shows nothing below it. */
export function listedRows(listings: Listings, open: ReadonlySet<string>): TreeRow[] {
  const below = (directory: string, depth: number): TreeRow[] =>
    (listings.get(directory) ?? []).flatMap(({ name, path, type }) => {
      if (name === ".git") return [];
      if (type === "file") return [{ path, name, depth }];
      const at = path.replace(/\/$/, "");
      const isOpen = open.has(at);
      return [{ path: at, name, depth, isOpen }, ...(isOpen ? below(at, depth + 1) : [])];
    });
  return below("", 0);
}

/** The directories above a path, outermost first: `src/ui/a.ts` → `src`, `src/ui`. */
export function above(path: string): string[] {
  const names = path.split("/").slice(0, -1);
  return names.map((_, at) => names.slice(0, at + 1).join("/"));
}
