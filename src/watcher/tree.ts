import type { FSWatcher } from "node:fs";
import { lstat, readdir } from "node:fs/promises";
import { basename, dirname, join, sep } from "node:path";
import { isGone, watchDirectory, watchesTrees } from "./watch.ts";

export type FileEvent = "add" | "change" | "unlink";

/** Whether something is left alone: `path` is absolute. */
export type IsLeft = (path: string, isDirectory: boolean) => boolean;

export interface TreeOptions {
  root: string;
  /** At most so many directories are watched. */
  most: number;
  /** What is left alone in a directory and below it, by the ignore files down to it. */
  rules(directory: string): Promise<IsLeft>;
  onPath(path: string): void;
  tell(file: string, event: FileEvent): void;
  onProblem(error: unknown): void;
}

/** The directories that are watched, with the names of the files in them: what was there before is needed to say what happened. */
export interface Tree {
  /** Watches everything, as it is now; nothing is told. */
  open(): Promise<void>;
  /** Looks at a path that something happened to, and tells what. */
  inspect(path: string): Promise<void>;
  close(): void;
}

interface Folder {
  watcher?: FSWatcher;
  files: Set<string>;
  inode: number;
  isLeft: IsLeft;
}

export function createTree(options: TreeOptions): Tree {
  const { root, most, tell, onProblem } = options;
  const folders = new Map<string, Folder>();
  let isFull = false;

  async function enter(path: string, above: IsLeft | undefined, isNew: boolean): Promise<void> {
    const waiting = [{ path, above }];
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      if (folders.size >= most) return full();
      const { folder, below } = await enterOne(next.path, next.above, isNew);
      waiting.push(...below.map((inner) => ({ path: inner, above: folder?.isLeft })));
    }
  }

  /** It is watched before it is read: what appears in between is seen twice rather than never. */
  async function enterOne(path: string, above: IsLeft | undefined, isNew: boolean): Promise<{ folder?: Folder; below: string[] }> {
    const inode = await inodeOf(path);
    if (inode === undefined || folders.has(path)) return { below: [] };
    const folder: Folder = { files: new Set(), inode, isLeft: above ?? (() => false) };
    folders.set(path, folder);
    if (!watchesTrees || path === root) folder.watcher = watchDirectory(path, options, watchesTrees);
    const { files, below, isLeft } = await readFolder(path, above, options);
    folder.isLeft = isLeft;
    for (const name of files.filter((file) => !folder.files.has(file))) {
      folder.files.add(name);
      if (isNew) tell(join(path, name), "add");
    }
    return { folder, below };
  }

  function full(): void {
    if (isFull) return;
    isFull = true;
    onProblem(new Error(`Only ${most} directories below ${root} are watched: changes of files in others are not told.`));
  }

  function leave(path: string): void {
    for (const [inner, folder] of folders) {
      if (inner !== path && !inner.startsWith(path + sep)) continue;
      folder.watcher?.close();
      folders.delete(inner);
      for (const name of folder.files) tell(join(inner, name), "unlink");
    }
  }

  async function inspectDirectory(path: string, inode: number, folder: Folder): Promise<void> {
    if (folder.files.delete(basename(path))) tell(path, "unlink");
    const known = folders.get(path);
    if (known?.inode === inode) return;
    if (known) leave(path);
    await enter(path, folder.isLeft, true);
  }

  return {
    open: () => enter(root, undefined, false),
    async inspect(path) {
      const folder = folders.get(dirname(path));
      if (folder === undefined) return;
      const found = await lstat(path).catch(() => undefined);
      const name = basename(path);
      if (found === undefined || !found.isDirectory()) leave(path);
      if (found === undefined) {
        if (folder.files.delete(name)) tell(path, "unlink");
      } else if (!folder.isLeft(path, found.isDirectory())) {
        if (found.isDirectory()) return inspectDirectory(path, found.ino, folder);
        tell(path, folder.files.has(name) ? "change" : "add");
        folder.files.add(name);
      }
    },
    close() {
      for (const { watcher } of folders.values()) watcher?.close();
      folders.clear();
    },
  };
}

/** What is in a directory and not left alone: names of files, paths of directories. */
async function readFolder(
  path: string,
  above: IsLeft | undefined,
  { rules, onProblem }: TreeOptions,
): Promise<{ files: string[]; below: string[]; isLeft: IsLeft }> {
  const entries = await readdir(path, { withFileTypes: true }).catch((error: unknown) => {
    if (!isGone(error)) onProblem(error);
    return [];
  });
  const hasRules = above === undefined || entries.some(({ name }) => name === ".gitignore");
  const isLeft = hasRules ? await rules(path) : above;
  const kept = entries.filter((entry) => !isLeft(join(path, entry.name), entry.isDirectory()));
  return {
    isLeft,
    files: kept.filter((entry) => !entry.isDirectory()).map(({ name }) => name),
    below: kept.filter((entry) => entry.isDirectory()).map(({ name }) => join(path, name)),
  };
}

async function inodeOf(path: string): Promise<number | undefined> {
  return lstat(path).then(
    ({ ino }) => ino,
    () => undefined,
  );
}
