import type { Agent } from "../schema/agent.ts";
import { basePrompt } from "./builtin.ts";

export interface SystemPromptInput {
  agent: Pick<Agent, "prompt">;
  /** The session's directory, absolute. */
  directory: string;
  /** The root of the project that holds it; `/` or the directory itself outside of version control. */
  worktree: string;
  /** As in `process.platform`. */
  platform: string;
  date: Date;
  model: { providerID: string; modelID: string };
  /** The texts of instruction files (AGENTS.md and the like), most general first. */
  instructions: string[];
  /** Undefined outside a git repository; no branch when the head is detached. */
  git: { branch?: string } | undefined;
}

/** The system texts of a model call: who the agent is, where it works, what the project says. The day is the finest time in it, so that caches hold. */
export function systemPrompt(input: SystemPromptInput): string[] {
  const prompt = input.agent.prompt ?? basePrompt;
  return [prompt, environment(input), ...input.instructions].map((text) => text.trim()).filter((text) => text !== "");
}

function environment({ directory, worktree, platform, date, model, git }: SystemPromptInput): string {
  const repository = git ? `yes${git.branch ? `, on branch ${git.branch}` : ", no branch checked out"}` : "no";
  return [
    "# Environment",
    "",
    `You run on the model ${model.providerID}/${model.modelID}.`,
    `- Working directory: ${directory}`,
    `- Project root: ${worktree}`,
    `- Git repository: ${repository}`,
    `- Platform: ${platform}`,
    `- Date: ${date.toDateString()}`,
  ].join("\n");
}
