import { dirname } from "node:path";
import { AppError } from "../schema/error.ts";
import type { Skill } from "../schema/skill.ts";
import { skillFolders } from "./folders.ts";
import { readSkills } from "./read.ts";

/**
 * Skills: folders with a `SKILL.md` (front matter with `name` and `description`, then instructions), found in the project, in the user's
 * configuration and where the configuration says. A project's are read only where it is trusted. Read anew at each call.
 */
export interface SkillService {
  /** By name. Of two with one name the nearer one: the project's before the user's. */
  list(): Promise<Skill[]>;
  /** Throws AppError NotFoundError that lists the known ones. */
  get(name: string): Promise<Skill>;
  /** Skills as slash commands. */
  commands(): Promise<{ name: string; description?: string; source: "skill"; arguments: { name: string }[] }[]>;
  renderPrompt(name: string): Promise<{ text: string; attachments: [] }[]>;
}

export interface SkillOptions {
  directory: string;
  /** The root of the checkout; `/` outside git. */
  worktree: string;
  home: string;
  /** This program's configuration folder of the user; OpenCode's lies beside it. */
  config: string;
  /** Further folders, as the configuration names them: absolute, from `~/`, or from the directory. */
  configured: string[];
  isTrusted(directory: string): boolean;
  /** Told of a file that describes no skill, once for each way in which it does not. */
  onProblem?(problem: AppError): void;
}

export function createSkills(options: SkillOptions): SkillService {
  const told = new Set<string>();
  const onProblem = (problem: AppError): void => {
    if (!told.has(problem.message)) options.onProblem?.(problem);
    told.add(problem.message);
  };

  async function list(): Promise<Skill[]> {
    const found = new Map<string, Skill>();
    for (const folder of skillFolders(options)) for (const skill of await readSkills(folder, onProblem)) found.set(skill.name, skill);
    return [...found.values()].sort((one, other) => (one.name < other.name ? -1 : 1));
  }

  async function get(name: string): Promise<Skill> {
    const all = await list();
    const skill = all.find((candidate) => candidate.name === name);
    if (skill) return skill;
    const known = all.length === 0 ? "There are none." : `The skills are: ${all.map((candidate) => candidate.name).join(", ")}.`;
    throw new AppError("NotFoundError", `There is no skill ${JSON.stringify(name)}. ${known}`, { name });
  }

  return {
    list,
    get,
    commands: async () => (await list()).map(({ name, description }) => ({ name, description, source: "skill" as const, arguments: [] })),
    async renderPrompt(name) {
      const skill = await get(name);
      return [{ text: `${skill.content}\n\nThe files of this skill are in ${dirname(skill.location)}.`, attachments: [] }];
    },
  };
}
