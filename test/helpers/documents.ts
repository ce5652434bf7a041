import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dirname, "..", "..");

/** A fenced block of a document. */
export interface Block {
  document: string;
  /** Of its first line. */
  line: number;
  language: string;
  /** What its info string says behind the language: `endless`, `data`, `no-run: why`. */
  mark: string;
  text: string;
}

/** The documents whose blocks a reader may paste: README.md and docs/. */
export const documents: string[] = [
  "README.md",
  ...readdirSync(join(root, "docs")).flatMap((name) => (name.endsWith(".md") ? [`docs/${name}`] : [])),
];

/** Longer fences hold shorter ones. */
export function blocksOf(document: string): Block[] {
  const text = readFileSync(join(root, document), "utf8");
  return [...text.matchAll(/^(`{3,})([^\n`]*)\n(.*?)^\1$/gms)].map(({ 2: info = "", 3: body = "", index }) => {
    const [language = "", ...mark] = info.trim().split(/\s+/);
    return { document, line: text.slice(0, index).split("\n").length, language, mark: mark.join(" "), text: body };
  });
}

/** Why a block is not run, if its info string says so. */
export function reasonOf({ mark }: Block): string | undefined {
  return /^no-run: (.+)$/.exec(mark)?.[1];
}
