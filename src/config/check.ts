import type { z } from "zod";
import { Config } from "../schema/config.ts";
import { lostKeys, nearestKey } from "../schema/config-keys.ts";
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
  const lost = lostKeys(document.value, result.data).filter(([first = "", ...inner]) => inner.length > 0 || !elsewhere.has(first));
  warnings.push(...lost.map((path) => unknownKey(document.source, path)));
  return withoutUnknown(document.value, result.data);
}

/** What the schema left out of its result is what it does not know. */
function withoutUnknown(value: Json, known: unknown): Json {
  const kept = Object.entries(value).filter(([key]) => isObject(known) && Object.hasOwn(known, key));
  return Object.fromEntries(kept.map(([key, entry]) => [key, isObject(entry) ? withoutUnknown(entry, (known as Json)[key]) : entry]));
}

function unknownKey(source: string, path: string[]): string {
  const similar = nearestKey(path);
  const hint = similar === undefined ? "" : ` Did you mean "${similar}"?`;
  return `${source}: unknown key "${path.join(".")}" is ignored.${hint}`;
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
