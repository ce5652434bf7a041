import { readFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { AppError } from "../schema/error.ts";
import { resolveInside } from "./inside.ts";

/**
 * The project's instructions to agents: `AGENTS.md` of the worktree's root, of the directory and of what lies between, outermost first.
 * A directory without it contributes nothing, nor does a link that leads out of the worktree; one that cannot be read is an error.
 */
export async function readInstructions({ directory, worktree }: { directory: string; worktree: string }): Promise<string[]> {
  const root = worktree === "/" ? directory : worktree;
  const texts = await Promise.all(ancestry(directory, root).map((folder) => readText(root, join(folder, "AGENTS.md"))));
  return texts.filter((text) => text !== undefined);
}

function ancestry(directory: string, root: string): string[] {
  const folders = [directory];
  for (let folder = directory; folder !== root && !relative(root, folder).startsWith(".."); folders.unshift(folder))
    folder = dirname(folder);
  return folders;
}

async function readText(root: string, file: string): Promise<string | undefined> {
  try {
    const { absolute } = await resolveInside(root, file);
    return `Instructions from: ${file}\n${await readFile(absolute, "utf8")}`;
  } catch (error) {
    const absent = error instanceof AppError || (error as NodeJS.ErrnoException).code === "EISDIR";
    if (absent) return undefined;
    throw error;
  }
}
