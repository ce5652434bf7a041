import { dirname, isAbsolute, join, relative, resolve, sep } from "node:path";
import type { SkillOptions } from "./skill.ts";

export interface SkillFolder {
  path: string;
  /** What its files may not lead out of: a link there could show what is not the project's. */
  within?: string;
}

const projectPlaces = [join(".claude", "skills"), join(".opencode", "skill"), join(".opencode", "skills")];

/** Where skills are looked for, weakest first: the user's folders, the project's from the root down, those the configuration names. */
export function skillFolders({ directory, worktree, home, config, configured, isTrusted }: SkillOptions): SkillFolder[] {
  const personal = [join(dirname(config), "opencode"), config].flatMap((folder) => [join(folder, "skill"), join(folder, "skills")]);
  const own = [join(home, ".claude", "skills"), ...personal];
  const projects = between(worktree, directory).filter((project) => isTrusted(project));
  return [
    ...own.map((path) => ({ path })),
    ...projects.flatMap((project) => projectPlaces.map((place) => ({ path: join(project, place), within: project }))),
    ...configured.map((path) => ({ path: /^~(?=\/|$)/.test(path) ? home + path.slice(1) : resolve(directory, path) })),
  ];
}

/** The directories from the root of the checkout down; outside of one only the directory itself. */
function between(worktree: string, directory: string): string[] {
  const way = relative(worktree, directory);
  if (worktree === resolve("/") || isAbsolute(way) || way.split(sep)[0] === "..") return [directory];
  const names = way.split(sep).filter((name) => name !== "");
  return [worktree, ...names.map((_, index) => join(worktree, ...names.slice(0, index + 1)))];
}
