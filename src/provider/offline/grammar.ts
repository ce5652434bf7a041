import { cutSteps } from "./segment.ts";
import { cutAt, includesGlob, mask, operands, placeAfter, plain, quote, stripFillers, unquote } from "./words.ts";

/** One command of the offline model's language, as docs/offline-model.md publishes it. */
export type Step =
  | { kind: "list"; path?: string }
  | { kind: "find"; pattern: string }
  | { kind: "search"; pattern: string; path?: string; include?: string }
  | { kind: "read"; path: string }
  | { kind: "outline"; path: string }
  | { kind: "write"; path: string; content: string }
  | { kind: "replace"; path: string; from: string; to: string; all: boolean }
  | { kind: "apply"; patch: string }
  | { kind: "run"; command: string; background?: true }
  | { kind: "processes" }
  | { kind: "output"; id: string }
  | { kind: "stop"; id: string }
  | { kind: "fetch"; url: string }
  | { kind: "ask"; question: string; choices: string[] }
  | { kind: "skill"; name: string }
  | { kind: "delegate"; task: string; agent: string }
  | { kind: "todo"; items: string[] }
  | { kind: "todos" };

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
  apply: (rest) => {
    const patch = plain(stripFillers(rest, "apply"));
    return patch.includes("*** Begin Patch") ? [{ kind: "apply", patch }] : "give the patch, from *** Begin Patch to *** End Patch.";
  },
  run: readRun,
  processes: (rest) => (rest === "" ? [{ kind: "processes" }] : "it takes nothing after it."),
  output: (rest) => eachCommand(rest, (id) => ({ kind: "output", id })),
  stop: (rest) => eachCommand(rest, (id) => ({ kind: "stop", id })),
  fetch: readFetch,
  ask: readAsk,
  skill: (rest) => eachName(rest, "a skill", (name) => ({ kind: "skill", name })),
  delegate: (rest) => {
    const { head, place } = placeAfter(rest, "to");
    if (place === undefined || head === "") return 'say what and to whom: delegate "list the files" to explore.';
    return [{ kind: "delegate", task: plain(head), agent: place }];
  },
  todo: (rest) => {
    const items = operands(rest, /[,;\n]/g).map(plain);
    return items.length === 0 ? [{ kind: "todos" }] : [{ kind: "todo", items }];
  },
  todos: () => [{ kind: "todos" }],
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

/** `run npm start in the background` */
function readRun(rest: string): Step[] | string {
  const found = /\s+in (?:the )?background$/i.exec(mask(rest));
  const command = plain(found ? rest.slice(0, found.index) : rest);
  if (command === "") return "name the command to run.";
  return [{ kind: "run", command, ...(found ? { background: true } : {}) }];
}

function eachCommand(rest: string, step: (id: string) => Step): Step[] | string {
  const names = operands(stripFillers(rest, "output")).map(plain);
  const isKnown = names.length > 0 && names.every((name) => /^bg_\d+$/.test(name));
  return isKnown ? names.map(step) : "name a command that runs in the background, for example bg_1.";
}

function readFetch(rest: string): Step[] | string {
  // A comma within an address is its own.
  const urls = operands(stripFillers(rest, "fetch"), /,\s+|\n|(?<!\s)\s+and\s+/gi).map(plain);
  const isWeb = urls.length > 0 && urls.every((url) => /^https?:\/\/\S+$/i.test(url));
  return isWeb ? urls.map((url) => ({ kind: "fetch", url })) : "give a whole address, for example https://example.com.";
}

/** Choices stand behind "with": `ask Which colour? with red, green or blue`. */
function readAsk(rest: string): Step[] | string {
  const cut = cutAt(stripFillers(rest, "ask"), "with", "last");
  const question = plain(cut?.head ?? stripFillers(rest, "ask"));
  if (question === "") return "say what to ask.";
  const choices =
    cut === undefined ? [] : operands(cut.tail, /[,;\n]|(?<!\s)\s+or\s+/gi).map((choice) => plain(choice.replace(/^or\s+/i, "")));
  return [{ kind: "ask", question, choices }];
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
    case "apply":
      return `apply ${quote(step.patch)}`;
    case "run":
      return `run ${quote(step.command)}${step.background ? " in the background" : ""}`;
    case "processes":
    case "todos":
      return step.kind;
    case "output":
    case "stop":
      return `${step.kind} ${step.id}`;
    case "fetch":
      return `fetch ${quote(step.url)}`;
    case "ask":
      return `ask ${quote(step.question)}${step.choices.length > 0 ? ` with ${step.choices.map(quote).join(", ")}` : ""}`;
    case "skill":
      return `skill ${quote(step.name)}`;
    case "delegate":
      return `delegate ${quote(step.task)} to ${quote(step.agent)}`;
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
