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
  apply: "apply",
  run: "run",
  processes: "processes",
  output: "output",
  stop: "stop",
  fetch: "fetch",
  ask: "ask",
  skill: "skill",
  delegate: "delegate",
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
    // A verb may stand alone: what joins the next one begins right behind it.
    const end = nextCut(covered, Math.max(start + (first?.[0].trimEnd().length ?? 0), start + 1), kind);
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

/** Steps whose last mark is part of what they say. */
const literal = new Set<Step["kind"] | undefined>(["run", "todo", "ask"]);

/** Without blanks and commas at its ends; a sentence's last mark goes too, except from a command, a question or a todo. */
function trimmed(text: string, kind: Step["kind"] | undefined): string {
  const bare = text
    .trim()
    .replace(/(?<![,;])[,;]+$/, "")
    .trimEnd();
  return literal.has(kind) ? bare : bare.replace(/(?<=[^\s./?!])[.?!]+$/, "");
}
