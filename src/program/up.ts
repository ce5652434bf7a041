import { stat } from "node:fs/promises";
import path from "node:path";

/** The directory and those above it, up to and with the boundary; none when it is not inside. */
export function directoriesUp(directory: string, boundary: string): string[] {
  const way = path.relative(boundary, directory);
  if (way === ".." || way.startsWith(`..${path.sep}`) || path.isAbsolute(way)) return [];
  const folders = [directory];
  for (let folder = directory; folder !== boundary; folders.push(folder)) folder = path.dirname(folder);
  return folders;
}

/** The first directory that holds one of the names. */
export async function nearest(names: string[], folders: string[]): Promise<string | undefined> {
  for (const folder of folders) {
    if (await holdsAny(folder, names)) return folder;
  }
  return undefined;
}

async function holdsAny(folder: string, names: string[]): Promise<boolean> {
  const found = await Promise.all(
    names.map((name) =>
      stat(path.join(folder, name)).then(
        () => true,
        () => false,
      ),
    ),
  );
  return found.includes(true);
}
