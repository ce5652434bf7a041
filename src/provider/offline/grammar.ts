import { cutSteps } from "./segment.ts";
import { cutAt, includesGlob, operands, placeAfter, plain, quote, stripFillers, unquote } from "./words.ts";

/** One command of the offline model's language, as docs/offline-model.md publishes it. */
export type Step =
  | { kind: "list"; path?: string }
  | { kind: "find"; pattern: string }
  | { kind: "search"; pattern: string; path?: string; include?: string }
  | { kind: "read"; path: string }
  | { kind: "outline"; path: string }
  | { kind: "write"; path: string; content: string }
  | { kind: "replace"; path: string; from: string; to: string; all: boolean }
  | { kind: "run"; command: string }
  | { kind: "todo"; items: string[] };

/** `problem`: one sentence that says which part is outside the grammar. */
export type Parsed = { steps: Step[] } | { problem: string };

/** Longer prompts are not commands anybody typed. */
const longestPrompt = 10_000;

/** A prompt as steps, in the order written. Pure, never throws; all or nothing: one step outside the grammar makes the whole prompt a `problem`. */
export function parse(text: string): Parsed {
  const prompt = text.trim();
  if (prompt === "") return { problem: "The prompt is empty." };
  if (prompt.length > longestPrompt) return { problem: `The prompt is longer than ${longestPrompt} characters.` };
  const steps: Step[] = [];
  for (const { verb, rest } of cutSteps(prompt)) {
    if (verb === undefined) return { problem: `"${shorten(rest)}" does not begin with a command.` };
    const parsed = readers[verb](rest);
    if (typeof parsed === "string") return { problem: `"${shorten(`${verb} ${rest}`)}" is not complete: ${parsed}` };
    steps.push(...parsed);
  }
  return { steps };
}

type Reader = (rest: string) => Step[] | string;

const readers: Record<Step["kind"], Reader> = {
  list: (rest) => {
    const places = stripFillers(rest, "list");
    return places === "" ? [{ kind: "list" }] : eachName(places, "a directory", (path) => ({ kind: "list", path }));
  },
  find: readFind,
  search: readSearch,
  read: (rest) => eachName(stripFillers(rest, "read"), "a file", (path) => ({ kind: "read", path })),
  outline: (rest) => eachName(stripFillers(rest, "outline"), "a file", (path) => ({ kind: "outline", path })),
  write: readWrite,
  replace: readReplace,
  run: (rest) => {
    const command = plain(rest);
    return command === "" ? "name the command to run." : [{ kind: "run", command }];
  },
  todo: (rest) => {
    const items = operands(rest, /[,;\n]/g).map(plain);
    return items.length === 0 ? "name what is to be done, separated by commas." : [{ kind: "todo", items }];
  },
};

/** One step for each name; a name with blanks needs quotes, or it is a sentence. */
function eachName(text: string, what: string, step: (name: string) => Step): Step[] | string {
  const names = operands(text);
  if (names.length === 0) return `name ${what}.`;
  const loose = names.find((name) => /\s/.test(name) && unquote(name) === undefined);
  return loose === undefined ? names.map((name) => step(plain(name))) : `put quotes around "${shorten(loose)}" if it is ${what}.`;
}

/** `*.ts` means any depth, `config` any file whose name has it, `in src` goes in front. */
function readFind(rest: string): Step[] | string {
  const { head, place } = placeAfter(stripFillers(rest, "find"), "in");
  return eachName(head, "a file pattern, for example *.ts", (pattern) => {
    const wide = includesGlob(pattern) ? pattern : `*${pattern}*`;
    const deep = pattern.includes("/") ? pattern : `**/${wide}`;
    return { kind: "find", pattern: place === undefined || place === "." ? deep : `${place.replace(/\/$/, "")}/${deep}` };
  });
}

/** Text is searched as written; between slashes it is a regular expression. */
function readSearch(rest: string): Step[] | string {
  const { head, place } = placeAfter(stripFillers(rest, "search"), "in");
  const expression = /^\/(.+)\/$/.exec(head)?.[1];
  const pattern = expression ?? escapeExpression(plain(head));
  if (pattern === "") return "name the text to search for.";
  if (place === undefined || place === ".") return [{ kind: "search", pattern }];
  return [includesGlob(place) ? { kind: "search", pattern, include: place } : { kind: "search", pattern, path: place }];
}

function readWrite(rest: string): Step[] | string {
  const { head, place } = placeAfter(rest, "to");
  if (place === undefined || head === "") return 'say what to write and where: write "text" to file.';
  return [{ kind: "write", path: place, content: plain(head) }];
}

function readReplace(rest: string): Step[] | string {
  const { head, place } = placeAfter(rest, "in");
  const all = /^all\s+/i.exec(head)?.[0] ?? "";
  const texts = cutAt(head.slice(all.length), "with", "first");
  const from = plain(texts?.head ?? "");
  if (place === undefined || texts === undefined || from === "" || texts.tail === "") {
    return 'say what, with what and where: replace "old" with "new" in file.';
  }
  return [{ kind: "replace", path: place, from, to: unquote(texts.tail) ?? texts.tail, all: all !== "" }];
}

/** A step in words that parse back to it. */
export function print(step: Step): string {
  switch (step.kind) {
    case "list":
      return step.path === undefined ? "list" : `list ${quote(step.path)}`;
    case "find":
      return `find ${quote(step.pattern)}`;
    case "search":
      return printSearch(step.pattern, step.include ?? step.path);
    case "read":
    case "outline":
      return `${step.kind} ${quote(step.path)}`;
    case "write":
      return `write ${quote(step.content)} to ${quote(step.path)}`;
    case "replace":
      return `replace ${step.all ? "all " : ""}${quote(step.from)} with ${quote(step.to)} in ${quote(step.path)}`;
    case "run":
      return `run ${quote(step.command)}`;
    case "todo":
      return `todo ${step.items.map(quote).join(", ")}`;
  }
}

function printSearch(pattern: string, place: string | undefined): string {
  const literal = pattern.replace(/\\([\\^$.*+?()[\]{}|])/g, "$1");
  const what = escapeExpression(literal) === pattern ? quote(literal) : `/${pattern}/`;
  return `search ${what}${place === undefined ? "" : ` in ${quote(place)}`}`;
}

function escapeExpression(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
}

function shorten(text: string): string {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length > 60 ? `${line.slice(0, 59)}…` : line;
}
