import type { ShellNode } from "./shell-grammar.ts";

/** A word of a command, and what it stands for as far as that can be told without running anything. */
export interface Word {
  /** As written. */
  raw: string;
  /** Without quotes, with known variables put in. Where something is unknown it ends there. */
  value: string;
  /** Whether `value` is all of it. */
  isWhole: boolean;
  /** Place in the command line. */
  from: number;
  to: number;
}

/** What a variable is, if that can be known. */
export type Variables = (name: string) => string | undefined;

type Value = Pick<Word, "value" | "isWhole">;

const unknown: Value = { value: "", isWhole: false };

export function readWord(node: ShellNode, variables: Variables): Word {
  return { raw: node.text, ...meaningOf(node, variables), from: node.startIndex, to: node.endIndex };
}

function meaningOf(node: ShellNode, variables: Variables): Value {
  switch (node.type) {
    case "word":
    case "number":
      return whole(withHome(node.text, variables).replace(/\\([\s\S])/g, (_, letter: string) => (letter === "\n" ? "" : letter)));
    case "raw_string":
      return whole(node.text.slice(1, -1));
    case "ansi_c_string":
      return node.text.includes("\\") ? unknown : whole(node.text.slice(2, -1));
    case "string":
      return quoted(node, variables);
    case "command_name":
    case "concatenation":
      return joined(node.children.filter((child) => child !== null).map((child) => meaningOf(child, variables)));
    case "simple_expansion":
    case "expansion":
      return variable(node.text, variables);
    default:
      return node.isNamed ? unknown : whole(node.text);
  }
}

const whole = (value: string): Value => ({ value, isWhole: true });

function withHome(text: string, variables: Variables): string {
  const home = variables("HOME");
  return home !== undefined && /^~(?=\/|$)/.test(text) ? home + text.slice(1) : text;
}

/** The letters between the nodes belong to the string too. */
function quoted(node: ShellNode, variables: Variables): Value {
  const parts: Value[] = [];
  let at = node.startIndex + 1;
  const gap = (to: number) => parts.push(whole(unescaped(node.text.slice(at - node.startIndex, to - node.startIndex))));
  for (const child of node.namedChildren) {
    if (child === null || child.type === "string_content") continue;
    gap(child.startIndex);
    parts.push(meaningOf(child, variables));
    at = child.endIndex;
  }
  gap(node.endIndex - 1);
  return joined(parts);
}

function unescaped(text: string): string {
  return text.replace(/\\(["\\$`\n])/g, (_, letter: string) => (letter === "\n" ? "" : letter));
}

function variable(text: string, variables: Variables): Value {
  const name = /^\$(?:\{(\w+)\}|(\w+))$/.exec(text);
  const value = name ? variables(name[1] ?? name[2] ?? "") : undefined;
  return value === undefined ? unknown : whole(value);
}

function joined(parts: Value[]): Value {
  const stop = parts.findIndex(({ isWhole }) => !isWhole);
  const known = stop === -1 ? parts : parts.slice(0, stop + 1);
  return { value: known.map(({ value }) => value).join(""), isWhole: stop === -1 };
}
