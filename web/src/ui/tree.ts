/** A line of a value that is shown as a tree. */
export interface TreeRow {
  /** JSON pointer (RFC 6901): `/info/time/created`; empty for the whole. */
  path: string;
  depth: number;
  /** Under which name it stands in what holds it. */
  name?: string;
  kind: "object" | "array" | "string" | "number" | "boolean" | "null";
  /** How much it holds; only lists and objects. */
  count?: number;
  isOpen?: boolean;
  /** What it is, or a glance at what it holds, cut to fit a line. */
  text: string;
}

const glance = 80;
const opened = { depth: 2, count: 100 };

/** Which nodes the reader opened or closed against what is done unless told. */
export type Toggled = ReadonlySet<string>;

/** The lines to draw. Small lists and objects near the root are open, the others closed, unless toggled. */
export function treeRows(value: unknown, toggled: Toggled): TreeRow[] {
  const rows: TreeRow[] = [];
  const visit = (node: unknown, place: { path: string; depth: number; name?: string }): void => {
    const entries = entriesOf(node);
    if (entries === undefined) return void rows.push({ ...place, kind: kindOf(node), text: JSON.stringify(node) ?? "undefined" });
    const unlessTold = place.depth < opened.depth && entries.length <= opened.count;
    const isOpen = entries.length > 0 && unlessTold !== toggled.has(place.path);
    rows.push({ ...place, kind: kindOf(node), count: entries.length, isOpen, text: preview(node) });
    if (!isOpen) return;
    for (const [name, item] of entries) visit(item, { path: `${place.path}/${escaped(name)}`, depth: place.depth + 1, name });
  };
  visit(value, { path: "", depth: 0 });
  return rows;
}

/** The value at a pointer of `treeRows`. */
export function valueAt(value: unknown, path: string): unknown {
  const names = path.split("/").slice(1).map(unescaped);
  return names.reduce<unknown>((node, name) => entriesOf(node)?.find(([key]) => key === name)?.[1], value);
}

function entriesOf(node: unknown): [string, unknown][] | undefined {
  return typeof node === "object" && node !== null ? Object.entries(node) : undefined;
}

function kindOf(node: unknown): TreeRow["kind"] {
  if (Array.isArray(node)) return "array";
  if (typeof node === "object" && node !== null) return "object";
  return typeof node === "string" || typeof node === "number" || typeof node === "boolean" ? (typeof node as "string") : "null";
}

function preview(node: unknown): string {
  const entries = entriesOf(node) ?? [];
  const parts: string[] = [];
  for (const [name, item] of entries) {
    parts.push(Array.isArray(node) ? brief(item) : `${name}: ${brief(item)}`);
    if (parts.join(", ").length > glance) break;
  }
  const text = parts.join(", ");
  const cut = text.length > glance || parts.length < entries.length ? `${text.slice(0, glance)}…` : text;
  return Array.isArray(node) ? `[${cut}]` : `{${cut}}`;
}

function brief(item: unknown): string {
  if (Array.isArray(item)) return "[…]";
  if (typeof item === "object" && item !== null) return "{…}";
  return JSON.stringify(typeof item === "string" ? item.slice(0, glance) : item) ?? "undefined";
}

const escaped = (name: string): string => name.replaceAll("~", "~0").replaceAll("/", "~1");
const unescaped = (name: string): string => name.replaceAll("~1", "/").replaceAll("~0", "~");
