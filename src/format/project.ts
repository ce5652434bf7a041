import { readFile, stat } from "node:fs/promises";
import path from "node:path";
import type { Evidence } from "./formatters.ts";

/** The first of the directories in which the project shows that it uses a formatter. */
export async function findEvidence(evidence: Evidence, directories: string[]): Promise<string | undefined> {
  for (const directory of directories) {
    if (await showsIn(evidence, directory)) return directory;
  }
  return undefined;
}

async function showsIn({ files = [], dependency, pyproject }: Evidence, directory: string): Promise<boolean> {
  for (const file of files) if (await exists(path.join(directory, file))) return true;
  if (dependency !== undefined && (await dependsOn(directory, dependency))) return true;
  return (
    pyproject !== undefined &&
    new RegExp(`^\\s*\\[${pyproject.replace(".", "\\.")}[.\\]]`, "m").test(await text(directory, "pyproject.toml"))
  );
}

async function dependsOn(directory: string, name: string): Promise<boolean> {
  try {
    const manifest = JSON.parse((await text(directory, "package.json")) || "{}");
    return [manifest.dependencies, manifest.devDependencies, manifest.optionalDependencies].some((list) => Object.hasOwn(list ?? {}, name));
  } catch {
    // A package.json that is being edited, perhaps by the very call that asks: it shows nothing now.
    return false;
  }
}

function text(directory: string, name: string): Promise<string> {
  return readFile(path.join(directory, name), "utf8").catch(() => "");
}

function exists(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  );
}
