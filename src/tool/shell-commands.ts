import path from "node:path";
import type { ShellNode } from "./shell-grammar.ts";
import { isHarmless, namedPaths, redirectPath } from "./shell-paths.ts";
import { isShell, unwrap } from "./shell-prefix.ts";
import type { Walk } from "./shell-reading.ts";
import { readWord, type Variables, type Word } from "./shell-word.ts";

/** Where the next command runs; undefined once that is not known. Each subshell has its own. */
interface State {
  directory: string | undefined;
}

/** These run on their own: what they change does not reach the commands after them. */
const subshells = new Set(["subshell", "command_substitution", "process_substitution", "pipeline", "heredoc_redirect"]);

/** Collects, in the order in which they run, the commands below a node. */
export function visit(node: ShellNode, state: State, walk: Walk): void {
  if (node.type === "command") visitCommand(node, state, { walk, redirects: [] });
  else if (node.type === "redirected_statement") visitRedirected(node, state, walk);
  else visitOther(node, state, walk);
}

function visitOther(node: ShellNode, state: State, walk: Walk): void {
  if (node.type === "variable_assignment") noteAssigned(node, walk);
  // Setting a variable may change what the commands after it do.
  if (isStatement(node)) walk.commands.push(node.text);
  const own = subshells.has(node.type) ? { ...state } : state;
  for (const child of node.namedChildren) if (child) visit(child, node.type === "pipeline" ? { ...own } : own, walk);
}

const statements = new Set(["declaration_command", "unset_command", "variable_assignment"]);

function isStatement(node: ShellNode): boolean {
  return statements.has(node.type) && node.parent?.type !== "command" && node.parent?.type !== "declaration_command";
}

function noteAssigned(node: ShellNode, walk: Walk): void {
  const name = node.childForFieldName("name")?.text;
  if (name) walk.assigned.add(name);
}

function visitRedirected(node: ShellNode, state: State, walk: Walk): void {
  const body = node.childForFieldName("body");
  const redirects = node.childrenForFieldName("redirect").filter((child) => child !== null);
  const command = body && lastCommand(body);
  if (body && command) visitWith(body, state, { walk, command, redirects });
  else if (body) visit(body, state, walk);
  const shown = redirects.flatMap((redirect) => redirectText(redirect, walk, undefined));
  if (!command && shown.length > 0) walk.commands.push(shown.join(" "));
  for (const redirect of redirects) visitRedirect(redirect, state, walk);
}

/** The grammar puts a redirection around a whole list; it belongs to the list's last command. */
function lastCommand(body: ShellNode): ShellNode | undefined {
  if (body.type === "command") return body;
  const last = body.namedChildren.at(-1);
  return last && ["list", "pipeline", "negated_command"].includes(body.type) ? lastCommand(last) : undefined;
}

interface RedirectContext {
  walk: Walk;
  /** The command that the redirections belong to. */
  command: ShellNode;
  redirects: ShellNode[];
}

function visitWith(node: ShellNode, state: State, context: RedirectContext): void {
  const { walk, command, redirects } = context;
  if (node.equals(command)) visitCommand(node, state, { walk, redirects });
  else visitBeside(node, state, context);
}

function visitBeside(node: ShellNode, state: State, context: RedirectContext): void {
  const { walk, command } = context;
  const own = node.type === "pipeline" ? { ...state } : state;
  for (const child of node.namedChildren) {
    if (!child) continue;
    if (child.startIndex <= command.startIndex && command.endIndex <= child.endIndex) visitWith(child, own, context);
    else visit(child, node.type === "pipeline" ? { ...own } : own, walk);
  }
}

/** Its target, and the commands that stand in it or after it (`cat <<END | sh`). */
function visitRedirect(redirect: ShellNode, state: State, walk: Walk): void {
  const target = redirect.childForFieldName("destination");
  const file = target && redirect.type === "file_redirect" ? redirectPath(readWord(target, variablesOf(walk)), state.directory) : undefined;
  if (file !== undefined && !isDescriptor(redirect)) walk.paths.push(file);
  visit(redirect, { ...state }, walk);
}

/** `2>&1` and `>&-` lead to what is open already. */
function isDescriptor(redirect: ShellNode): boolean {
  return /^\d*[<>]&(\d+|-)$/.test(redirect.text.replace(/\s+/g, ""));
}

/** As it is shown in a pattern; nothing for what changes no file. The text of a here-document counts where the program would run it. */
function redirectText(redirect: ShellNode, walk: Walk, program: Word | undefined): string[] {
  if (redirect.type === "heredoc_redirect") return [hereDocument(redirect, program)];
  if (redirect.type !== "file_redirect") return [redirect.text];
  const target = redirect.childForFieldName("destination");
  const value = target ? readWord(target, variablesOf(walk)).value : "";
  return isDescriptor(redirect) || isHarmless(value) ? [] : [redirect.text];
}

/** Programs that only hand on what they read. */
const readers = new Set("cat tee grep sort wc head tail tr cut uniq".split(" "));

function hereDocument(redirect: ShellNode, program: Word | undefined): string {
  const start = redirect.namedChildren.find((child) => child?.type === "heredoc_start")?.text ?? "";
  const own = redirect.childrenForFieldName("redirect").map((child) => ` ${child?.text}`);
  const isRead = program !== undefined && (readers.has(program.value) || isShell(program));
  const body = isRead ? "" : `\n${textOf(redirect, "heredoc_body")}${textOf(redirect, "heredoc_end")}`;
  return `<<${start}${own.join("")}${body}`;
}

function textOf(node: ShellNode, type: string): string {
  return node.namedChildren.find((child) => child?.type === type)?.text ?? "";
}

interface CommandContext {
  walk: Walk;
  /** What is attached to it from around it. */
  redirects: ShellNode[];
}

function visitCommand(node: ShellNode, state: State, { walk, redirects }: CommandContext): void {
  const children = node.children.filter((child) => child !== null);
  const parts = children.filter(({ type }) => type !== "variable_assignment" && !type.endsWith("_redirect"));
  const words = parts.map((part) => readWord(part, variablesOf(walk)));
  // The grammar hangs words that stand behind `<<END` on the here-document.
  const late = redirects
    .flatMap((redirect) => redirect.childrenForFieldName("argument"))
    .flatMap((part) => (part ? [readWord(part, variablesOf(walk))] : []));
  const [program] = words;
  const own = children.filter(({ type }) => type.endsWith("_redirect")).map(({ text }) => ` ${text}`);
  const around = redirects.flatMap((redirect) => redirectText(redirect, walk, program)).map((text) => ` ${text}`);
  const suffix = [...lost(node, redirects), ...around].join("");
  const isPlain = program !== undefined && parts.length === children.length;
  if (!isPlain && (program === undefined || children.some(({ type }) => type === "variable_assignment")))
    walk.commands.push(node.text + suffix);
  if (program) {
    const source = late.length === 0 ? { text: node.text, offset: node.startIndex } : undefined;
    collect([...words, ...late], state, { walk, source, after: own.join("") + suffix, script: heredocScript(redirects, program) });
  }
  for (const child of children) visit(child, { ...state }, walk);
}

/** A lone `-` before a redirection is in no node. */
function lost(node: ShellNode, [redirect]: ShellNode[]): string[] {
  const around = redirect?.parent;
  if (!redirect || !around) return [];
  const gap = around.text.slice(node.endIndex - around.startIndex, redirect.startIndex - around.startIndex).trim();
  return gap === "" ? [] : [` ${gap}`];
}

/** The here-document that a shell would run. */
function heredocScript(redirects: ShellNode[], program: Word): string | undefined {
  const document = redirects.find(({ type }) => type === "heredoc_redirect");
  return document && isShell(program) ? textOf(document, "heredoc_body") : undefined;
}

interface Collecting {
  walk: Walk;
  /** The text that the words are places in, where they stand in one. */
  source: { text: string; offset: number } | undefined;
  /** Redirections, as they are shown. */
  after: string;
  /** A command line that the command reads as its input. */
  script?: string;
}

/** One simple command: itself as a pattern, or what it runs in its place, or both. */
function collect(words: Word[], state: State, { walk, source, after, script }: Collecting): void {
  if (changesDirectory(words, state, walk)) return;
  const wrapped = unwrap(words);
  const { commands = [], scripts = [], isTransparent = false } = wrapped ?? {};
  const isScript = ({ from }: Word) => scripts.some((one) => from >= one.from && from < one.to);
  walk.paths.push(
    ...namedPaths(
      words.filter((word) => !isScript(word)),
      state.directory,
    ),
  );
  for (const inner of commands) collect(inner, { ...state }, { walk, source, after: isTransparent ? after : "" });
  for (const text of [...scripts.map(({ value }) => value), script]) {
    if (text !== undefined) walk.scripts.push({ text, directory: state.directory });
  }
  if (!isTransparent) walk.commands.push(...shown(words, source).map((text) => text + after));
}

/** By the name that the quotes hide; a program named by its place also by its name alone, for which rules are written. */
function shown(words: Word[], source: Collecting["source"]): string[] {
  const [program, ...operands] = words;
  if (!program) return [];
  const place = (at: number): number => at - (source?.offset ?? 0);
  const rest = source
    ? source.text.slice(place(program.to), place((operands.at(-1) ?? program).to))
    : operands.map(({ raw }) => ` ${raw}`).join("");
  const name = program.isWhole ? program.value : program.raw;
  return path.isAbsolute(name) ? [name + rest, path.basename(name) + rest] : [name + rest];
}

/** `cd` to a place that is known: where it leads is checked like any path, and the command itself does nothing more. */
function changesDirectory(words: Word[], state: State, walk: Walk): boolean {
  const [program, ...operands] = words;
  const name = program?.value ?? "";
  if (name === "popd") state.directory = undefined;
  if (name !== "cd" && name !== "pushd") return false;
  const target = operands.find(({ value }) => !/^-[LPe@]*$/.test(value) || value === "-");
  const to = target === undefined ? variablesOf(walk)("HOME") : target.value;
  const isKnown = to !== undefined && to !== "-" && (target?.isWhole ?? true) && (state.directory !== undefined || path.isAbsolute(to));
  state.directory = isKnown ? path.resolve(state.directory ?? "/", to) : undefined;
  if (state.directory !== undefined) walk.paths.push(state.directory);
  return isKnown;
}

function variablesOf({ environment, assigned }: Walk): Variables {
  return (name) => (assigned.has(name) || name === "PWD" || name === "OLDPWD" ? undefined : environment[name]);
}
