import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import type { Node, Parser } from "web-tree-sitter";

export type ShellNode = Node;

/** A command line beyond this is not read: it is asked for as a whole. */
const longest = 100_000;

let loading: Promise<Parser> | undefined;

/**
 * Reads a command line as bash does, and gives its tree to `use`. `undefined` where it cannot be read: it is not bash, or the grammar
 * is not there. The grammar is loaded at the first call.
 */
export async function withShellTree<Result>(text: string, use: (root: ShellNode) => Result): Promise<Result | undefined> {
  if (text.length > longest) return undefined;
  loading ??= load();
  const parser = await loading.catch(() => undefined);
  const tree = parser?.parse(text);
  if (!tree) return undefined;
  try {
    return tree.rootNode.hasError ? undefined : use(tree.rootNode);
  } finally {
    tree.delete();
  }
}

async function load(): Promise<Parser> {
  const { Language, Parser } = await import("web-tree-sitter");
  const [engine, grammar] = await Promise.all([readWasm("web-tree-sitter"), readWasm("tree-sitter-bash")]);
  await Parser.init({ wasmBinary: engine });
  return new Parser().setLanguage(await Language.load(grammar));
}

/** Beside the bundle, else in the package it comes from. */
function readWasm(name: string): Promise<Buffer> {
  const beside = fileURLToPath(new URL(`./${name}.wasm`, import.meta.url));
  return readFile(existsSync(beside) ? beside : createRequire(import.meta.url).resolve(`${name}/${name}.wasm`));
}
