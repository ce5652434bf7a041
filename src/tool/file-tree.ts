/**
 * Draws paths (relative, forward slashes) as an indented tree: directories first, then files, each by name. Of more than
 * `limit` entries those nearest to the top are drawn; a directory that is not drawn in full says how many are left out.
 */
export function fileTree(files: string[], limit: number): { lines: string[]; shown: number; left: number } {
  const all = [...allEntries(files)].map((entry) => ({ entry, depth: depthOf(entry), key: sortKey(entry) }));
  all.sort((one, other) => one.depth - other.depth || compare(one.key, other.key));
  const left = countByParent(all.slice(limit).map(({ entry }) => entry));
  const shown = all.slice(0, limit).sort((one, other) => compare(one.key, other.key));
  const lines = shown.map(({ entry, depth }) => {
    const hidden = left.get(entry);
    return `${"  ".repeat(depth + 1)}${entry.slice(parentOf(entry).length)}${hidden ? ` (${hidden} not shown)` : ""}`;
  });
  return { lines, shown: shown.length, left: all.length - shown.length };
}

/** Every file, and every directory on the way to one; directories end with a slash. */
function allEntries(files: string[]): Set<string> {
  const entries = new Set<string>();
  for (const file of files) {
    for (let at = file.indexOf("/"); at !== -1; at = file.indexOf("/", at + 1)) entries.add(file.slice(0, at + 1));
    entries.add(file);
  }
  return entries;
}

function countByParent(entries: string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const entry of entries) counts.set(parentOf(entry), (counts.get(parentOf(entry)) ?? 0) + 1);
  return counts;
}

function parentOf(entry: string): string {
  return entry.slice(0, entry.lastIndexOf("/", entry.length - 2) + 1);
}

function depthOf(entry: string): number {
  return entry.slice(0, -1).split("/").length - 1;
}

/** Sorts a directory's content right after it, and directories before files: 0 marks a directory's name, 1 a file's. */
function sortKey(entry: string): string {
  const isDirectory = entry.endsWith("/");
  const names = (isDirectory ? entry.slice(0, -1) : entry).split("/");
  return names.map((name, index) => (isDirectory || index < names.length - 1 ? "0" : "1") + name).join("\0");
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
