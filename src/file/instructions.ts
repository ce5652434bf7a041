import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";

/**
 * The project's instructions to agents: `AGENTS.md` of the worktree's root, of the directory and of what lies between, outermost first.
 * A directory without it contributes nothing; one that cannot be read is an error.
 */
export async function readInstructions({ directory, worktree }: { directory: string; worktree: string }): Promise<string[]> {
  const texts = await Promise.all(ancestry(directory, worktree).map((folder) => readText(join(folder, "AGENTS.md"))));
  return texts.filter((text) => text !== undefined);
}

function ancestry(directory: string, worktree: string): string[] {
  const folders = [directory];
  for (let folder = directory; folder !== worktree && folder.startsWith(worktree) && worktree !== "/"; folders.unshift(folder))
    folder = dirname(folder);
  return folders;
}

async function readText(file: string): Promise<string | undefined> {
  try {
    return `Instructions from: ${file}\n${await readFile(file, "utf8")}`;
  } catch (error) {
    if (["ENOENT", "ENOTDIR", "EISDIR"].includes((error as NodeJS.ErrnoException).code ?? "")) return undefined;
    throw error;
  }
}
