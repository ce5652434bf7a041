/** Quoted texts: fences, patches, double quotes with escapes, backticks, and single quotes that are not apostrophes. */
const quoted = /```[\s\S]*?```|\*{3} Begin Patch\n[\s\S]*?\n\*{3} End Patch|"(?:\\[\s\S]|[^"\\])*"|`[^`\n]*`|(?<!\w)'[^'\n]*'(?!\w)/g;

const escapes: Record<string, string> = { n: "\n", t: "\t", r: "\r" };

/** The same text with every quoted part blanked out, letter for letter, so that positions stay. */
export function mask(text: string): string {
  return text.replace(quoted, (part) => "\u0001".repeat(part.length));
}

/** The text inside the quotes if the whole of it is one quoted text, else undefined. */
export function unquote(text: string): string | undefined {
  const bare = text.trim();
  const [first, ...others] = bare.match(quoted) ?? [];
  if (first !== bare || others.length > 0) return undefined;
  if (bare.startsWith("```")) return bare.slice(3, -3).replace(/^[\w-]*\n/, "");
  if (bare.startsWith("*** ")) return bare;
  const inner = bare.slice(1, -1);
  return bare.startsWith('"') ? inner.replace(/\\([\s\S])/g, (_, escaped: string) => escapes[escaped] ?? escaped) : inner;
}

/** Quoted so that `unquote` gives the same text back. */
export function quote(text: string): string {
  const escaped = text.replace(/[\\"]/g, "\\$&").replaceAll("\n", "\\n").replaceAll("\t", "\\t").replaceAll("\r", "\\r");
  return `"${escaped}"`;
}

/** Without its quotes, if it has them. */
export function plain(text: string): string {
  return unquote(text) ?? text.trim();
}

/** Several things joined by commas or "and", as written, without the bullet of a list. */
export function operands(text: string, between = /[,\n]|(?<!\s)\s+and\s+/gi): string[] {
  const parts: string[] = [];
  let start = 0;
  for (const found of mask(text).matchAll(between)) {
    parts.push(text.slice(start, found.index));
    start = found.index + found[0].length;
  }
  parts.push(text.slice(start));
  return parts.map((part) => part.trim().replace(/^(?:[-*]|\d+[.)]|and\b)\s+/i, "")).filter((part) => plain(part) !== "");
}

/** Cuts at the first or the last such word that stands outside quotes, blanks around it. */
export function cutAt(text: string, word: string, which: "first" | "last"): { head: string; tail: string } | undefined {
  const found = [...mask(text).matchAll(new RegExp(`(?<!\\S)${word}(?!\\S)`, "gi"))];
  const cut = which === "first" ? found[0] : found.at(-1);
  if (cut === undefined) return undefined;
  return { head: text.slice(0, cut.index).trim(), tail: text.slice(cut.index + word.length).trim() };
}

/** The place named after the last such word: a quoted text, or one without blanks. No place: `head` is the whole text. */
export function placeAfter(text: string, word: string): { head: string; place?: string } {
  const cut = cutAt(text, word, "last");
  if (cut === undefined || (/\s/.test(cut.tail) && unquote(cut.tail) === undefined)) return { head: text.trim() };
  const place = plain(cut.tail);
  return place === "" ? { head: text.trim() } : { head: cut.head, place };
}

const small = ["me", "all", "the", "every"];
const files = ["file", "files", "content", "contents", "of"];
const fillers = {
  list: new Set([...small, ...files, "folder", "folders", "directory", "directories", "in", "under", "here", "this"]),
  find: new Set([...small, "file", "files", "named", "called", "matching", "like"]),
  search: new Set(["for"]),
  read: new Set([...small, ...files]),
  outline: new Set([...small, ...files]),
  apply: new Set(["the", "this", "patch"]),
  output: new Set(["of", "the"]),
  fetch: new Set(["the", "page", "at", "from"]),
  ask: new Set(["me", "the", "user"]),
};

/** Without the small words people put between a command and its object ("the files in"). Only `list` can be left with nothing. */
export function stripFillers(text: string, kind: keyof typeof fillers): string {
  let rest = text.trim();
  while (rest !== "") {
    const word = /^\S+/.exec(rest)?.[0] ?? "";
    const left = rest.slice(word.length).trimStart();
    if (!fillers[kind].has(word.toLowerCase()) || (left === "" && kind !== "list")) return rest;
    rest = left;
  }
  return rest;
}

export function includesGlob(text: string): boolean {
  return /[*?{[]/.test(text);
}
