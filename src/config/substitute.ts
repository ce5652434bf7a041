import { readFile } from "node:fs/promises";
import { dirname, isAbsolute, join, resolve } from "node:path";
import { type Document, invalidValue } from "./document.ts";
import { isObject, type Json } from "./merge.ts";

export interface SubstituteOptions {
  env: NodeJS.ProcessEnv;
  home: string;
  /** Where relative paths of `{file:…}` start. */
  directory: string;
}

const reference = /\{(env|file):([^}]+)\}/g;

/** Whether any string of the value holds a reference. */
export function hasReferences(value: unknown): boolean {
  if (typeof value === "string") return value.search(reference) >= 0;
  return typeof value === "object" && value !== null && Object.values(value).some(hasReferences);
}

/**
 * The document's value with `{env:NAME}` and `{file:path}` replaced inside its strings. A variable that is not set is the empty string, as in
 * OpenCode; a file's text is trimmed. Throws ConfigInvalidError naming the key and the file that cannot be read.
 */
export async function substitute(document: Document, options: SubstituteOptions): Promise<Json> {
  const walk = async (value: unknown, path: PropertyKey[]): Promise<unknown> => {
    if (typeof value === "string") return replaceReferences(value, (kind, name) => lookUp(kind, name, { document, path, options }));
    if (Array.isArray(value)) return Promise.all(value.map((entry, index) => walk(entry, [...path, index])));
    return isObject(value) ? walkObject(value, path) : value;
  };
  const walkObject = async (value: Json, path: PropertyKey[]): Promise<Json> => {
    const entries = Object.entries(value).map(async ([key, entry]) => [key, await walk(entry, [...path, key])] as const);
    return Object.fromEntries(await Promise.all(entries));
  };
  return walkObject(document.value, []);
}

async function replaceReferences(text: string, find: (kind: string, name: string) => Promise<string>): Promise<string> {
  let result = "";
  let end = 0;
  for (const match of text.matchAll(reference)) {
    const [whole, kind = "", name = ""] = match;
    result += text.slice(end, match.index) + (await find(kind, name.trim()));
    end = match.index + whole.length;
  }
  return result + text.slice(end);
}

interface Place {
  document: Document;
  path: PropertyKey[];
  options: SubstituteOptions;
}

async function lookUp(kind: string, name: string, { document, path, options }: Place): Promise<string> {
  if (kind === "env") return (Object.hasOwn(options.env, name) && options.env[name]) || "";
  const file = expand(name, options);
  try {
    return (await readFile(file, "utf8")).trim();
  } catch (error) {
    const reason = error instanceof Error && "code" in error && error.code === "ENOENT" ? "does not exist" : "cannot be read";
    throw invalidValue(document, path, `{file:${name}} names ${file}, which ${reason}.`);
  }
}

function expand(name: string, { home, directory }: SubstituteOptions): string {
  if (name === "~" || name.startsWith("~/")) return join(home, name.slice(1));
  return isAbsolute(name) ? name : resolve(directory, name);
}

/** The directory a source's relative paths start from. */
export function baseDirectory(source: string, fallback: string): string {
  return isAbsolute(source) ? dirname(source) : fallback;
}
