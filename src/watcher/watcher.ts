import { basename, dirname, sep } from "node:path";
import ignore from "ignore";
import { createPending } from "./pending.ts";
import { createTree, type FileEvent, type IsLeft, type Tree } from "./tree.ts";
import { watchDirectory } from "./watch.ts";

/**
 * Tells what happens to the files of a directory, whoever does it. Watched is only while somebody wants to know; what git ignores, `.git`,
 * `node_modules` and what the configuration names are left alone. Changes that follow each other closely are told as one. More than `changes` at
 * once are told as one change of the directory itself, and so is a change of the ignore files: whoever cares looks anew. At most `directories` are watched.
 */
export interface Watcher extends Disposable {
  /** Resolves when everything is watched. Of no effect while it watches. */
  start(): Promise<void>;
  stop(): void;
}

interface Change {
  file: string;
  event: FileEvent;
}

export interface WatcherOptions {
  directory: string;
  /** Patterns in the words of gitignore(5), relative to the directory. */
  ignore: string[];
  /** Files and directories (absolute) that the server itself writes. */
  own: string[];
  /** What git ignores in a directory and below it. */
  ignored(directory: string): Promise<IsLeft>;
  /** The file that says which branch is checked out. */
  head(): Promise<string | undefined>;
  onChange(change: Change): void;
  /** The checkout may be on another branch now. */
  onHead(): void;
  /** Something cannot be watched. Told once for each reason. */
  onProblem(error: unknown): void;
  limits?: { directories?: number; changes?: number };
}

const defaults = { directories: 4096, changes: 1000 };
const timing = { quiet: 40, patience: 400 };

export function createWatcher(options: WatcherOptions): Watcher {
  let running: (Disposable & { ready: Promise<void> }) | undefined;
  const stop = () => {
    running?.[Symbol.dispose]();
    running = undefined;
  };
  return {
    start() {
      running ??= run(options);
      return running.ready;
    },
    stop,
    [Symbol.dispose]: stop,
  };
}

function run(options: WatcherOptions): Disposable & { ready: Promise<void> } {
  const { directory, onChange, limits } = options;
  const { directories, changes } = { ...defaults, ...limits };
  const ends = new AbortController();
  const onProblem = once(options.onProblem);
  const exclusive = inOrder(onProblem);
  const tell = (change: Change) => {
    if (!ends.signal.aborted) onChange(change);
  };
  /** What was found of the paths that are looked at, one more than is told at most: a directory that comes or goes brings all its files. */
  let found: Change[] = [];
  const find = (file: string, event: FileEvent) => {
    if (found.length <= changes) found.push({ file, event });
  };

  let tree = plant();
  function plant(): Tree {
    return createTree({ root: directory, most: directories, rules: leftBy(options), onPath, tell: find, onProblem });
  }

  /** Whether all that was found could be told. */
  async function look(paths: string[]): Promise<boolean> {
    found = [];
    for (const path of paths) if (!ends.signal.aborted) await tree.inspect(path);
    if (found.length > changes) return false;
    for (const change of found) tell(change);
    return true;
  }

  /** First everything is watched, then it is told: whoever looks then misses nothing. */
  async function lookAnew(): Promise<void> {
    tree.close();
    tree = plant();
    if (ends.signal.aborted) return;
    await tree.open();
    tell({ file: directory, event: "change" });
  }

  const pending = createPending({
    ...timing,
    most: changes,
    tell: (paths) =>
      void exclusive(async () => {
        const isTold = paths !== undefined && (await look(paths));
        if (!isTold || paths.some((path) => basename(path) === ".gitignore")) await lookAnew();
      }),
  });
  function onPath(path: string): void {
    if (!ends.signal.aborted) pending.add(path);
  }

  const head = watchHead(options, { signal: ends.signal, onProblem });
  const ready = Promise.all([exclusive(() => tree.open()), head]).then(() => {});
  const close = () => exclusive(async () => tree.close());
  return {
    ready,
    [Symbol.dispose]() {
      ends.abort();
      pending.clear();
      tree.close();
      // What was being opened just now is closed when it is open.
      void close();
    },
  };
}

/** Git replaces the file, so its directory is watched. */
async function watchHead(
  { head, onHead }: WatcherOptions,
  { signal, onProblem }: { signal: AbortSignal; onProblem(error: unknown): void },
): Promise<void> {
  const file = await head();
  if (file === undefined || signal.aborted) return;
  const pending = createPending({ ...timing, most: 1, tell: () => onHead() });
  const onPath = (path: string) => {
    if (basename(path).startsWith("HEAD")) pending.add(file);
  };
  const watcher = watchDirectory(dirname(file), { onPath, onProblem });
  const close = () => {
    pending.clear();
    watcher?.close();
  };
  signal.addEventListener("abort", close, { once: true });
}

function leftBy({ directory, ignore: patterns, own, ignored }: WatcherOptions): (directory: string) => Promise<IsLeft> {
  const configured = ignore().add(patterns);
  const isOwn = (path: string) => own.some((place) => path === place || path.startsWith(place + sep) || path.startsWith(`${place}-`));
  return async (at) => {
    const isIgnored = await ignored(at);
    return (path, isDirectory) => {
      const name = basename(path);
      if (name === ".git" || name === "node_modules" || isOwn(path)) return true;
      const relative = path.slice(directory.length + 1).replaceAll(sep, "/");
      return configured.ignores(isDirectory ? `${relative}/` : relative) || isIgnored(path, isDirectory);
    };
  };
}

/** The same reason again and again is no news. */
function once(onProblem: (error: unknown) => void): (error: unknown) => void {
  const told = new Set<unknown>();
  return (error) => {
    const reason = error instanceof Error && "code" in error ? error.code : String(error);
    if (told.has(reason)) return;
    told.add(reason);
    onProblem(error);
  };
}

/** One piece of work after the other. */
function inOrder(onProblem: (error: unknown) => void): (work: () => Promise<void>) => Promise<void> {
  let last = Promise.resolve();
  return (work) => {
    last = last.then(work).catch(onProblem);
    return last;
  };
}
