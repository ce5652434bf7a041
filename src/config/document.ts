import { findNodeAtLocation, type Node, type ParseError, parse, parseTree, printParseErrorCode } from "jsonc-parser";
import { AppError } from "../schema/error.ts";
import { isObject, type Json } from "./merge.ts";

/** The text of one configuration and what it says. */
export interface Document {
  /** A file's absolute path, or a name such as `OPENCODE_CONFIG_CONTENT`. */
  source: string;
  text: string;
  value: Json;
}

const parseOptions = { allowTrailingComma: true, allowEmptyContent: true };

/** Reads JSON with comments and trailing commas. Throws ConfigInvalidError with source, line and column. */
export function parseDocument(source: string, raw: string): Document {
  const text = raw.replace(/^\uFEFF/, "");
  const errors: ParseError[] = [];
  const value: unknown = parse(text, errors, parseOptions) ?? {};
  const [first] = errors;
  if (first) throw invalid({ source, text, offset: first.offset, message: `${words(printParseErrorCode(first.error))}.` });
  if (!isObject(value)) throw invalid({ source, text, offset: 0, message: "A configuration is an object: { … }." });
  return { source, text, value };
}

/** The error for a value at a key path: its place is that of the value, or of the nearest thing around it. */
export function invalidValue(document: Document, path: PropertyKey[], message: string): AppError {
  const tree = parseTree(document.text, [], parseOptions);
  const offset = tree === undefined ? 0 : nodeAt(tree, path).offset;
  const named = `${path.map(String).join(".")}: ${message}`;
  return invalid({ ...document, offset, message: named, issues: [{ message, path: path.map(String) }] });
}

interface Fault {
  source: string;
  text: string;
  offset: number;
  message: string;
  issues?: { message: string; path: string[] }[];
}

function invalid({ source, text, offset, message, issues }: Fault): AppError {
  const before = text.slice(0, offset).split("\n");
  const [line, column] = [before.length, (before.at(-1) ?? "").length + 1];
  const data = { path: source, line, column, issues: issues ?? [{ message, path: [] }] };
  return new AppError("ConfigInvalidError", `${source}:${line}:${column}: ${message}`, data);
}

function nodeAt(tree: Node, path: PropertyKey[]): Node {
  for (let length = path.length; length > 0; length -= 1) {
    const keys = path.slice(0, length).map((key) => (typeof key === "number" ? key : String(key)));
    const node = findNodeAtLocation(tree, keys);
    if (node) return node;
  }
  return tree;
}

/** `CloseBraceExpected` -> `Close brace expected`. */
function words(name: string): string {
  return name.replace(/(?<=[a-z])[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}
