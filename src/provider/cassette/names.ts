/**
 * What differs from machine to machine and from run to run, under names that do not: directories, ids, secrets. In what the model said the
 * names are put back, so that what it does it does here.
 */
export interface Names {
  /** Directories, ids and secrets by their names. */
  put(text: string): string;
  /** The other way round; a secret keeps its name. */
  restore(text: string): string;
  /** Where `put` would change something, as places in the text, in order. */
  find(text: string): { start: number; end: number }[];
}

export interface Namings {
  /** Paths by the name that stands for them. */
  places: Record<string, string>;
  secrets: string[];
}

const id = /\b(ses|msg|prt|per|que|evt|srv|tool)_[0-9a-f]{12}[0-9A-Za-z]{14}\b/;

/** Ids are numbered as they come, so the names of one request must be asked for from its beginning. */
export function createNames({ places, secrets }: Namings): Names {
  const directories = new Map(Object.entries(places).flatMap(([name, path]) => (path.length > 1 ? [[path, name] as const] : [])));
  const ids = new Map<string, string>();
  const paths = [...directories.keys()].sort((one, other) => other.length - one.length).map((path) => `${literal(path)}(?![\\w-])`);
  const hidden = secrets.filter((secret) => secret.length >= 6).map(escape);
  const pattern = () => new RegExp([...hidden, ...paths, id.source].join("|"), "g");

  function nameOf(found: string): string {
    const directory = directories.get(found);
    if (directory !== undefined) return `⟨${directory}⟩`;
    const [, kind] = id.exec(found) ?? [];
    if (kind === undefined || secrets.includes(found)) return "⟨secret⟩";
    const known = ids.get(found);
    const name = known ?? `⟨${kind} ${ids.size + 1}⟩`;
    ids.set(found, name);
    return name;
  }

  return {
    put: (text) => text.replace(pattern(), nameOf),
    restore(text) {
      const originals = new Map([...directories].map(([path, name]) => [`⟨${name}⟩`, path]));
      for (const [original, name] of ids) originals.set(name, original);
      return text.replace(/⟨[a-z]+(?: \d+)?⟩/g, (name) => originals.get(name) ?? name);
    },
    find: (text) => [...text.matchAll(pattern())].map(({ 0: found, index }) => ({ start: index, end: index + found.length })),
  };
}

function literal(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");
}

const month = "(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*";
const clock = "\\d{1,2}:\\d{2}(?::\\d{2})?";
const weekday = "(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*";

/** What tools tell of the moment and the machine. */
const volatile: [RegExp, string][] = [
  [/\b\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?(?: ?(?:Z|[+-]\d{2}:?\d{2}))?)?/g, "⟨date⟩"],
  [
    new RegExp(
      `\\b(?:${weekday},? +)?(?:${month} +\\d{1,2}(?:,? +\\d{4})?|\\d{1,2} +${month},? +\\d{4})(?:,? +${clock})?(?: +UTC)?(?: +\\d{4})?\\b`,
      "g",
    ),
    "⟨date⟩",
  ],
  [/\b\d{1,2}:\d{2}:\d{2}(?:[.,]\d+)?\b/g, "⟨time⟩"],
  [/\b1[5-9]\d{8}(?:\d{3})?(?:\.\d+)?\b/g, "⟨time⟩"],
  [/\bduration_ms:? +\d+(?:\.\d+)?/g, "duration_ms ⟨duration⟩"],
  [/\b\d+(?:\.\d+)? ?(?:ns|µs|us|ms|milliseconds?|s|secs?|seconds?|min|minutes?)\b/g, "⟨duration⟩"],
  [/(127\.0\.0\.1|localhost|\[::1\]):\d{2,5}\b/g, "$1:⟨port⟩"],
  [/\b(pid[ :=]+)\d+/gi, "$1⟨pid⟩"],
  [/⟨tmp⟩\/[\w.-]+/g, "⟨tmp⟩/⟨name⟩"],
  [/\b(?=[0-9a-f]*[a-f])(?=[0-9a-f]*\d)[0-9a-f]{7,64}\b/g, "⟨hash⟩"],
];

/** The text of a tool without times, durations, ports and hashes: they are new with every run. */
export function steady(text: string): string {
  return volatile.reduce((result, [pattern, name]) => result.replace(pattern, name), text);
}

/** The system prompt's lines about the machine. */
export function anywhere(text: string): string {
  return text.replace(/^- (Date|Platform|Git repository): (?!no$).*$/gm, "- $1: ⟨here⟩");
}
