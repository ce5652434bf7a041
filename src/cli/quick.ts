import { parseArgs } from "node:util";
import { type ServeFlags, serveFlags } from "./flags.ts";

/**
 * The flags of a plain `serve`, read without yargs, which takes longer to load than everything else a start needs to know. Undefined for
 * whatever is not plain (help, another command, an unknown flag, a value that does not fit): yargs then reads it and says what is wrong.
 */
export function readPlainServe([command, ...words]: readonly string[]): ServeFlags | undefined {
  // yargs takes quotes off a value.
  if (command !== "serve" || words.some((word) => /["']/.test(word))) return undefined;
  try {
    const { values } = parseArgs({ args: words, options, strict: true, allowPositionals: false });
    return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, read(name, value)]));
  } catch {
    return undefined;
  }
}

const flags: Record<string, { type: "string" | "boolean"; coerce?: (value: unknown) => unknown }> = serveFlags;

const options = Object.fromEntries(Object.entries(flags).map(([name, { type }]) => [name, { type, multiple: type === "string" }]));

function read(name: string, value: unknown): unknown {
  const coerce = flags[name]?.coerce;
  return coerce === undefined ? value : coerce(value);
}
