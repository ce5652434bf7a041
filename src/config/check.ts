import { z } from "zod";
import { Config } from "../schema/config.ts";
import { nearest } from "../schema/nearest.ts";
import { type Document, invalidValue } from "./document.ts";
import { isObject, type Json } from "./merge.ts";

/** Keys of OpenCode's terminal interface that share the file: not for a server, and no mistake. */
const elsewhere = new Set(["theme", "keybinds", "tui"]);

/**
 * The document's value without unknown keys, each of which is a warning. The order of keys stays.
 * Throws ConfigInvalidError naming source, line, column and key when a value has the wrong type.
 */
export function check(document: Document, warnings: string[]): Json {
  const result = Config.safeParse(document.value);
  if (!result.success) {
    const issue = deepest(result.error.issues);
    throw invalidValue(document, issue?.path ?? [], sentence(issue?.message ?? "invalid"));
  }
  return withoutUnknown(document.value, { known: result.data, path: [], source: document.source, warnings });
}

interface Level {
  known: unknown;
  path: string[];
  source: string;
  warnings: string[];
}

/** What the schema left out of its result is what it does not know. */
function withoutUnknown(value: Json, { known, path, source, warnings }: Level): Json {
  const result: Json = {};
  for (const [key, entry] of Object.entries(value)) {
    const here = [...path, key];
    const parsed = isObject(known) && Object.hasOwn(known, key) ? { value: known[key] } : undefined;
    if (parsed === undefined) {
      if (!(path.length === 0 && elsewhere.has(key))) warnings.push(unknownKey(source, here));
    } else {
      result[key] = isObject(entry) ? withoutUnknown(entry, { known: parsed.value, path: here, source, warnings }) : entry;
    }
  }
  return result;
}

function unknownKey(source: string, path: string[]): string {
  const similar = nearest(path.at(-1) ?? "", knownKeys(Config, path.slice(0, -1)));
  const hint = similar === undefined ? "" : ` Did you mean "${[...path.slice(0, -1), similar].join(".")}"?`;
  return `${source}: unknown key "${path.join(".")}" is ignored.${hint}`;
}

/** The names the schema has for keys at a path. */
function knownKeys(schema: unknown, path: string[]): string[] {
  if (schema instanceof z.ZodOptional) return knownKeys(schema.unwrap(), path);
  if (schema instanceof z.ZodUnion) return schema.options.flatMap((option) => knownKeys(option, path));
  const [first, ...rest] = path;
  if (schema instanceof z.ZodRecord) return first === undefined ? [] : knownKeys(schema.valueType, rest);
  if (!(schema instanceof z.ZodObject)) return [];
  if (first === undefined) return Object.keys(schema.shape);
  return knownKeys(schema.shape[first] ?? schema.def.catchall, rest);
}

interface Issue {
  path: PropertyKey[];
  message: string;
}

/** The issue that says most: of a union, the one that got furthest. */
function deepest(issues: readonly z.core.$ZodIssue[]): Issue | undefined {
  return issues
    .map((issue): Issue => {
      const inner = issue.code === "invalid_union" ? deepest(issue.errors.flat()) : undefined;
      return inner !== undefined && inner.path.length > 0 ? { ...inner, path: [...issue.path, ...inner.path] } : issue;
    })
    .sort((left, right) => right.path.length - left.path.length)[0];
}

/** zod: `Invalid input: expected number, received string` -> `expected number, received string.` */
function sentence(message: string): string {
  return `${message.replace(/^Invalid (input|option): /, "")}.`;
}
