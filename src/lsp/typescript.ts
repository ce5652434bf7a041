import { readFile, realpath, stat } from "node:fs/promises";
import path from "node:path";
import type { Programs } from "../program/program.ts";

/** The compiler that a project uses. */
export interface Typescript {
  /** Of a compiler before version 7. */
  tsserver?: string;
}

const firstWithServer = 7;

/** The project's own compiler; for a project without one, one that is installed beside a `tsserver` on PATH. */
export async function findTypescript(root: string, programs: Programs): Promise<Typescript | undefined> {
  for (const directory of await programs.trustedUp(root)) {
    const folder = path.join(directory, "node_modules", "typescript");
    const major = await majorOf(folder);
    if (major !== undefined) return major >= firstWithServer ? {} : { tsserver: path.join(folder, "lib", "tsserver.js") };
  }
  const program = await programs.find("tsserver", root);
  if (program === undefined) return undefined;
  const tsserver = path.join(path.dirname(await realpath(program)), "..", "lib", "tsserver.js");
  return (await isFile(tsserver)) ? { tsserver } : undefined;
}

async function majorOf(folder: string): Promise<number | undefined> {
  const manifest = await readFile(path.join(folder, "package.json"), "utf8").catch(() => undefined);
  const version = manifest === undefined ? undefined : /"version"\s*:\s*"(\d+)\./.exec(manifest)?.[1];
  return version === undefined ? undefined : Number(version);
}

function isFile(file: string): Promise<boolean> {
  return stat(file).then(
    (stats) => stats.isFile(),
    () => false,
  );
}
