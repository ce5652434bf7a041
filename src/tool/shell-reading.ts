import { visit } from "./shell-commands.ts";
import { withShellTree } from "./shell-grammar.ts";

/** What a command line does, as far as its text tells. */
export interface ShellReading {
  /** Its simple commands, each as a pattern asks for it; what only changes the directory is not among them. */
  commands: string[];
  /** Paths that it names and that may lie outside, absolute. */
  paths: string[];
}

/** A reading under way. */
export interface Walk extends ShellReading {
  environment: NodeJS.ProcessEnv;
  /** Variables that the command line sets: what they are in the environment says nothing. */
  assigned: Set<string>;
  /** Command lines that this one hands to a shell, with the directory they run in. */
  scripts: { text: string; directory: string | undefined }[];
}

const deepest = 5;

/** `undefined` where it cannot be told what a command line does: then all of it is to be asked for. */
export async function readShell(
  text: string,
  place: { directory: string; environment: NodeJS.ProcessEnv },
): Promise<ShellReading | undefined> {
  const walk: Walk = { commands: [], paths: [], environment: place.environment, assigned: new Set(), scripts: [] };
  return (await readScript({ text, directory: place.directory }, walk, 0)) ? walk : undefined;
}

async function readScript(script: Walk["scripts"][number], walk: Walk, depth: number): Promise<boolean> {
  if (depth > deepest) return false;
  const inner: Walk = { ...walk, scripts: [] };
  const isRead = await withShellTree(script.text, (root) => {
    visit(root, { directory: script.directory }, inner);
    return true;
  });
  if (!isRead) return false;
  for (const next of inner.scripts) if (!(await readScript(next, walk, depth + 1))) walk.commands.push(next.text);
  return true;
}
