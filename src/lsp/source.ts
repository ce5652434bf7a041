import { readdir } from "node:fs/promises";
import path from "node:path";

/** Where no source of the project's own is. */
const skipped = new Set(["node_modules", "dist", "build", "out", "target", "vendor", "coverage"]);
const maximumDirectories = 500;

/** A file of one of the languages, as near to the root as there is one. Some servers know nothing of a project before a document of it is open. */
export async function findSource(root: string, extensions: string[]): Promise<string | undefined> {
  const directories = [root];
  for (let at = 0; at < Math.min(directories.length, maximumDirectories); at++) {
    const directory = directories[at] ?? root;
    const entries = await readdir(directory, { withFileTypes: true }).catch(() => []);
    const source = entries.find((entry) => entry.isFile() && extensions.includes(path.extname(entry.name).toLowerCase()));
    if (source) return path.join(directory, source.name);
    const below = entries.filter((entry) => entry.isDirectory() && !entry.name.startsWith(".") && !skipped.has(entry.name));
    directories.push(...below.map((entry) => path.join(directory, entry.name)));
  }
  return undefined;
}
