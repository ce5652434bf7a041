import { readdirSync } from "node:fs";
import { join } from "node:path";
import { type Requirement, requirements } from "./rows.ts";

export const root = join(import.meta.dirname, "..", "..");

export interface Row extends Requirement {
  number: number;
  /** Test files and programs that prove it, from the root of the project. */
  files: string[];
}

/** The requirements in order, each with the files that prove it. */
export function rowsWithFiles(): Row[] {
  const names = readdirSync(import.meta.dirname).sort();
  return Object.entries(requirements).map(([key, requirement]) => {
    const own = names.filter((name) => name.startsWith(`${key.padStart(2, "0")}-`) && name.endsWith(".test.ts"));
    const files = [...own.map((name) => `test/requirements/${name}`), ...(requirement.also ?? [])];
    return { ...requirement, number: Number(key), files };
  });
}
