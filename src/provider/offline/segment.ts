import type { Step } from "./grammar.ts";
import { mask } from "./words.ts";

/** A step before its words are read: its verb (undefined: it begins with none) and what follows. */
export interface Segment {
  verb: Step["kind"] | undefined;
  rest: string;
}

const verbs: Record<string, Step["kind"]> = {
  list: "list",
  ls: "list",
  find: "find",
  search: "search",
  grep: "search",
  read: "read",
  cat: "read",
  outline: "outline",
  write: "write",
  replace: "replace",
  run: "run",
  todo: "todo",
  todos: "todo",
};

/** A whole word, not the beginning of a path such as `list.txt` or `read-me`. */
const verb = `(?:${Object.keys(verbs).join("|")})(?![\\w/=-]|\\.\\w)`;
const joining = "(?:and|then|please|can you|could you|would you|now|also|next|first|finally)\\b[\\s,;:]*";
const separator = new RegExp(`(?<![\\s,;.])[\\s,;.]+(?:${joining})*(?=${verb})`, "gi");
const opening = new RegExp(`^[\\s,;:.]*(?:${joining})*(${verb})[\\s:]*`, "i");

/**
 * A prompt cut where a comma, a full stop, a line end, "and" or "then" is followed by a verb, never inside quotes. A `todo` keeps
 * its commas and its "and": only "then" or a line end closes it.
 */
export function cutSteps(prompt: string): Segment[] {
  const segments: Segment[] = [];
  const covered = mask(prompt);
  let start = 0;
  while (start < prompt.length) {
    const first = opening.exec(covered.slice(start));
    const kind = verbs[first?.[1]?.toLowerCase() ?? ""];
    const body = start + (first?.[0].length ?? 0);
    const end = nextCut(covered, Math.max(body, start + 1), kind);
    segments.push({ verb: kind, rest: trimmed(prompt.slice(body, end), kind) });
    start = end;
  }
  return segments;
}

function nextCut(covered: string, from: number, kind: Step["kind"] | undefined): number {
  const closes = kind === "todo" ? /\n|\bthen\b/i : /[,;\n]|\.\s|\band\b|\bthen\b/i;
  separator.lastIndex = from;
  for (let found = separator.exec(covered); found !== null; found = separator.exec(covered)) {
    if (closes.test(found[0])) return found.index;
  }
  return covered.length;
}

/** Without blanks and commas at its ends; a sentence's last mark goes too, except from a command or a todo. */
function trimmed(text: string, kind: Step["kind"] | undefined): string {
  const bare = text
    .trim()
    .replace(/(?<![,;])[,;]+$/, "")
    .trimEnd();
  return kind === "run" || kind === "todo" ? bare : bare.replace(/(?<=[^\s./?!])[.?!]+$/, "");
}
