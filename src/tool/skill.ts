import { readdir } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";
import type { Skill } from "../schema/skill.ts";
import description from "./skill.md";
import { defineTool, type Tool, type ToolResult } from "./tool.ts";

const shownFiles = 20;

/** Where the tool finds the skills of its directory. */
export interface SkillSource {
  /** Throws AppError NotFoundError that lists the known ones. */
  get(name: string): Promise<Skill>;
}

export function createSkillTool(skills: SkillSource): Tool {
  return defineTool({
    id: "skill",
    description,
    input: z.object({ name: z.string().min(1, "must not be empty").describe("The name of the skill") }),
    repeatable: true,
    describe({ skills: offered = [] }) {
      if (offered.length === 0) return undefined;
      const lines = offered.map(({ name, description: about }) => `- ${name}: ${about ?? "(no description)"}`);
      return [description.trim(), "", "Skills:", ...lines].join("\n");
    },
    async execute({ name }, context): Promise<ToolResult> {
      const skill = await skills.get(name);
      await context.ask({ permission: "skill", patterns: [skill.name], always: [skill.name], metadata: { name: skill.name } });
      const directory = path.dirname(skill.location);
      const files = await filesOf(directory);
      const output = [
        `# Skill: ${skill.name}`,
        "",
        `Directory: ${directory}`,
        ...(files.length > 0 ? [`Files: ${files.join(", ")}`] : []),
        "",
        skill.content,
      ].join("\n");
      return { title: `Loaded skill: ${skill.name}`, output, metadata: { name: skill.name, dir: directory } };
    },
  });
}

/** What else lies there, so that the model need not look. */
async function filesOf(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && entry.name !== "SKILL.md");
  const names = files.map(({ parentPath, name }) => path.relative(directory, path.join(parentPath, name))).sort();
  return names.length > shownFiles ? [...names.slice(0, shownFiles), "…"] : names;
}
