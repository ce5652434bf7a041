import { applyEdits, type FormattingOptions, modify, parse } from "jsonc-parser";
import type { Config } from "../schema/config.ts";
import { AppError } from "../schema/error.ts";
import { isRemnant, visibleList, withoutSecrets } from "../schema/redact.ts";
import { isObject, type Json } from "./merge.ts";

/** One value that is to be set: a list, a text, a number, or an object where there was none. */
export interface Change {
  path: string[];
  value: unknown;
}

/**
 * What a patch changes of a configuration, compared with what answers show of it: what is sent back as it was shown is no change, so an
 * answer can be edited and sent whole, and the secrets it left out stay. Throws BadRequest for a list that would lose a secret.
 */
export function changesOf(patch: Config, current: Config): Change[] {
  return compare(patch, { shown: withoutSecrets(current), current, path: [] });
}

interface Place {
  shown: unknown;
  current: unknown;
  path: string[];
}

function compare(wanted: unknown, { shown, current, path }: Place): Change[] {
  if (isObject(wanted) && isObject(current)) {
    const inner = (key: string): Place => ({ shown: valueAt(shown, key), current: current[key], path: [...path, key] });
    return Object.entries(wanted).flatMap(([key, value]) => (value === undefined ? [] : compare(value, inner(key))));
  }
  if (same(wanted, shown)) return [];
  if (Array.isArray(wanted) && Array.isArray(current)) refuseLoss(wanted, current, path);
  return [{ path, value: wanted }];
}

function valueAt(value: unknown, key: string): unknown {
  return isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

function refuseLoss(wanted: unknown[], current: unknown[], path: string[]): void {
  const field = path.join(".");
  if (!visibleList(current).hides || !wanted.some((element, at) => isRemnant(element, wanted[at + 1]))) return;
  const message = `${field}: the list holds a secret that answers leave out. Send it with the secret, or edit the file.`;
  throw new AppError("BadRequest", message, { field });
}

export function same(left: unknown, right: unknown): boolean {
  return JSON.stringify(ordered(left)) === JSON.stringify(ordered(right));
}

function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ordered);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([left], [right]) => (left < right ? -1 : 1))
      .map(([key, entry]) => [key, ordered(entry)]),
  );
}

/** The text with the changes in it; comments, order and the way it is written stay. */
export function withChanges(text: string, changes: Change[]): string {
  const [mark, body] = text.startsWith("\uFEFF") ? ["\uFEFF", text.slice(1)] : ["", text];
  const formattingOptions = formatOf(body);
  return (
    mark + changes.reduce((before, change) => applyEdits(before, modify(before, ...settled(before, change), { formattingOptions })), body)
  );
}

/** What is set inside of something that is no object in this file replaces it. */
function settled(text: string, { path, value }: Change): [string[], unknown] {
  let at: unknown = parse(text, [], { allowTrailingComma: true }) ?? {};
  for (const [depth, key] of path.entries()) {
    if (!isObject(at)) return [path.slice(0, depth), nested(path.slice(depth), value)];
    at = at[key] ?? {};
  }
  return [path, value];
}

function nested(path: string[], value: unknown): Json {
  const [first = "", ...others] = path;
  return { [first]: others.length === 0 ? value : nested(others, value) };
}

function formatOf(text: string): FormattingOptions {
  const indent = /^([ \t]+)\S/m.exec(text)?.[1] ?? "  ";
  return {
    insertSpaces: !indent.startsWith("\t"),
    tabSize: indent.startsWith("\t") ? 1 : indent.length,
    eol: text.includes("\r\n") ? "\r\n" : "\n",
  };
}
