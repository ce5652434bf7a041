/** A line of a tree as it is drawn. */
export interface TreeRow {
  path: string;
  /** What is read: for a chain of directories with one entry each, `src/server`. */
  name: string;
  /** 0 at the top. */
  depth: number;
  /** Of a directory: whether its entries are shown. */
  isOpen?: boolean;
}

interface Directory {
  directories: Map<string, Directory>;
  files: string[];
}

const empty = (): Directory => ({ directories: new Map(), files: [] });

/**
 * The rows of files named by their paths: directories first, each with its files below it, in the order of their names. Directories whose only
 * entry is a directory share its row. `closed`: paths of the directories that are closed.
 */
export function rowsOf(paths: string[], closed: ReadonlySet<string>): TreeRow[] {
  const root = empty();
  for (const path of paths) {
    const names = path.split("/");
    const parent = names.slice(0, -1).reduce((directory, name) => child(directory, name), root);
    parent.files.push(path);
  }
  return rowsBelow(root, { at: "", depth: 0, closed });
}

function child(directory: Directory, name: string): Directory {
  const known = directory.directories.get(name) ?? empty();
  directory.directories.set(name, known);
  return known;
}

interface Place {
  /** The directory's path with a slash at its end; empty at the top. */
  at: string;
  depth: number;
  closed: ReadonlySet<string>;
}

function rowsBelow(directory: Directory, place: Place): TreeRow[] {
  const byName = [...directory.directories].sort(([one], [other]) => one.localeCompare(other));
  const directories = byName.flatMap(([name, inner]) => {
    const chain = chainOf(name, inner);
    const path = place.at + chain.name;
    const isOpen = !place.closed.has(path);
    const row: TreeRow = { path, name: chain.name, depth: place.depth, isOpen };
    return isOpen ? [row, ...rowsBelow(chain.directory, { ...place, at: `${path}/`, depth: place.depth + 1 })] : [row];
  });
  const files = directory.files.toSorted().map((path) => ({ path, name: path.slice(place.at.length), depth: place.depth }));
  return [...directories, ...files];
}

function chainOf(name: string, directory: Directory): { name: string; directory: Directory } {
  const [only, ...more] = directory.directories;
  if (only === undefined || more.length > 0 || directory.files.length > 0) return { name, directory };
  return chainOf(`${name}/${only[0]}`, only[1]);
}
