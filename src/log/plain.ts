/** Characters of a text, entries of a list or an object, and levels of nesting that are kept of what a client sends. */
const most = { text: 8_000, entries: 50, depth: 4 };

/** Text, or a value with texts in it, of bounded size and without control characters: what reads a log on a terminal must not be steered by it. */
export function plain(value: string, length?: number): string;
export function plain(value: unknown): unknown;
export function plain(value: unknown, length = most.text): unknown {
  return typeof value === "string" ? plainText(value, length) : plainValue(value, { depth: 0, left: { texts: most.text } });
}

interface Budget {
  depth: number;
  /** Characters left for all texts together. */
  left: { texts: number };
}

function plainValue(value: unknown, { depth, left }: Budget): unknown {
  if (typeof value === "string") return spend(value, left);
  if (typeof value !== "object" || value === null) return value;
  if (depth === most.depth) return "…";
  const inner = { depth: depth + 1, left };
  if (Array.isArray(value)) return value.slice(0, most.entries).map((entry) => plainValue(entry, inner));
  const entries = Object.entries(value).slice(0, most.entries);
  return Object.fromEntries(entries.map(([name, entry]) => [plainText(name, 100), plainValue(entry, inner)]));
}

function spend(text: string, left: Budget["left"]): string {
  const kept = plainText(text, Math.max(0, left.texts));
  left.texts -= kept.length;
  return kept;
}

/** Control characters, those that change the direction of text, and half surrogates become what they are called. */
function plainText(text: string, length: number): string {
  const cut = text.length > length ? `${text.slice(0, length)}…` : text;
  return cut.replace(/[\p{Cc}\p{Cs}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu, (character) => {
    if (character === "\n") return "\\n";
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
}
