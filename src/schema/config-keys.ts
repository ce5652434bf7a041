import { z } from "zod";
import { Config } from "./config.ts";
import { nearest } from "./nearest.ts";

/** Paths of keys in a value that its parsed form lacks: what the schema does not know. */
export function lostKeys(value: unknown, parsed: unknown, path: string[] = []): string[][] {
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, entry]) => {
    const here = [...path, key];
    if (!isObject(parsed) || !Object.hasOwn(parsed, key)) return [here];
    return lostKeys(entry, parsed[key], here);
  });
}

/** The known key that an unknown one was probably meant to be, as a path. */
export function nearestKey(path: string[]): string | undefined {
  const parents = path.slice(0, -1);
  const similar = nearest(path.at(-1) ?? "", knownKeys(Config, parents));
  return similar === undefined ? undefined : [...parents, similar].join(".");
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

/** A configuration as a change of one: keys that nobody knows are refused, since they would silently do nothing. */
export const ConfigPatch = z.preprocess((value, context) => {
  const parsed = Config.safeParse(value);
  for (const path of parsed.success ? lostKeys(value, parsed.data) : []) {
    const similar = nearestKey(path);
    const hint = similar === undefined ? "GET /doc lists the keys there are" : `did you mean "${similar}"`;
    context.addIssue({ code: "custom", path, message: `unknown key; ${hint}` });
  }
  return value;
}, Config) as z.ZodType<z.output<typeof Config>, z.input<typeof Config>>;

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
