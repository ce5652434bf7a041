import path from "node:path";
import type { Word } from "./shell-word.ts";

/** What a command runs besides itself. */
export interface Wrapped {
  /** Commands, as stretches of its words. */
  commands: Word[][];
  /** Command lines that it hands to a shell. */
  scripts: Word[];
  /** The command itself does nothing else: asking for what it runs is enough. */
  isTransparent: boolean;
}

interface Prefix {
  /** Options that take the next word. */
  takes: string[];
  /** Words between the options and the command. */
  operands?: number;
  /** `NAME=value` may stand before the command. */
  assigns?: boolean;
  /** It adds something (rights, variables): it is asked for too. */
  adds?: boolean;
  /** With one of these it runs nothing. */
  except?: string[];
}

const prefixes: Record<string, Prefix> = {
  timeout: { takes: ["-s", "--signal", "-k", "--kill-after"], operands: 1 },
  nice: { takes: ["-n", "--adjustment"] },
  ionice: { takes: ["-c", "-n", "--class", "--classdata"] },
  nohup: { takes: [] },
  setsid: { takes: [] },
  time: { takes: ["-f", "-o", "--format", "--output"] },
  stdbuf: { takes: ["-i", "-o", "-e"] },
  command: { takes: [], except: ["-v", "-V"] },
  builtin: { takes: [] },
  exec: { takes: ["-a"] },
  env: { takes: ["-u", "--unset", "-C", "--chdir", "-S", "--split-string"], assigns: true },
  sudo: { takes: ["-u", "-g", "-h", "-p", "-C", "-T", "-R", "-D", "-r", "-t", "--user", "--group"], assigns: true, adds: true },
  doas: { takes: ["-u", "-C"], adds: true },
  xargs: { takes: ["-I", "-n", "-P", "-L", "-s", "-d", "-a", "-E", "--max-args", "--max-procs", "--replace", "--delimiter", "--arg-file"] },
  watch: { takes: ["-n", "--interval"] },
};

const shells = new Set(["sh", "bash", "zsh", "dash", "ksh", "ash"]);

/** What a command line of words runs; `undefined` where it runs only itself. */
export function unwrap(words: Word[]): Wrapped | undefined {
  const name = path.posix.basename(words[0]?.value ?? "");
  if (shells.has(name)) return fromShell(words);
  if (name === "eval")
    return { commands: [], scripts: [joinedWords(words.slice(1))], isTransparent: words.every(({ isWhole }) => isWhole) };
  if (name === "find" || name === "fd") return fromFind(words);
  const prefix = Object.hasOwn(prefixes, name) ? prefixes[name] : undefined;
  return prefix && fromPrefix(words, prefix);
}

/** Whether the program is a shell that would run what it reads. */
export function isShell(word: Word | undefined): boolean {
  return shells.has(path.posix.basename(word?.value ?? ""));
}

function fromPrefix(words: Word[], prefix: Prefix): Wrapped | undefined {
  let at = 1;
  let isPlain = true;
  for (; at < words.length; at++) {
    const { value = "" } = words[at] ?? {};
    if (prefix.except?.includes(value)) return undefined;
    if (prefix.assigns && /^\w+=/.test(value)) isPlain = false;
    else if (value === "--") {
      at++;
      break;
    } else if (prefix.takes.includes(value)) {
      // Another directory, other variables, a text to be split: more than the command that follows.
      if (prefix.assigns) isPlain = false;
      at++;
    } else if (!value.startsWith("-") || value === "-") break;
  }
  const inner = words.slice(at + (prefix.operands ?? 0));
  if (inner.length === 0) return undefined;
  return { commands: [inner], scripts: [], isTransparent: isPlain && !prefix.adds };
}

/** `-c` may stand in a group of letters: `bash -lc`. */
function fromShell(words: Word[]): Wrapped | undefined {
  const option = words.findIndex(({ value }, index) => index > 0 && /^-[a-z]*c[a-z]*$/.test(value));
  const isFirst = words.slice(1, option).every(({ value }) => value.startsWith("-"));
  const script = words[option + 1];
  if (option === -1 || !isFirst || script === undefined) return undefined;
  return { commands: [], scripts: [script], isTransparent: script.isWhole };
}

/** Commands after `-exec` and its like, up to `;` or `+`. */
function fromFind(words: Word[]): Wrapped | undefined {
  const commands: Word[][] = [];
  for (let at = 1; at < words.length; at++) {
    if (!["-exec", "-execdir", "-ok", "-okdir", "-x", "-X"].includes(words[at]?.value ?? "")) continue;
    const end = words.findIndex(({ value }, index) => index > at && (value === ";" || value === "+"));
    const inner = words.slice(at + 1, end === -1 ? undefined : end);
    if (inner.length > 0) commands.push(inner);
  }
  return commands.length === 0 ? undefined : { commands, scripts: [], isTransparent: false };
}

function joinedWords(words: Word[]): Word {
  const value = words.map((word) => word.value).join(" ");
  return { raw: value, value, isWhole: words.every(({ isWhole }) => isWhole), from: words[0]?.from ?? 0, to: words.at(-1)?.to ?? 0 };
}
