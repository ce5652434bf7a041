import type { Agent } from "../schema/agent.ts";
import type { PermissionRuleset } from "../schema/session.ts";
import build from "./prompts/build.md";
import compaction from "./prompts/compaction.md";
import explore from "./prompts/explore.md";
import general from "./prompts/general.md";
import plan from "./prompts/plan.md";
import summary from "./prompts/summary.md";
import title from "./prompts/title.md";
import { lookingOnly, rulesFromConfig } from "./rules.ts";

/** The prompt of an agent that has none of its own. */
export const basePrompt = build.trim();

export interface BuiltinAgent {
  agent: Omit<Agent, "permission">;
  /** Its rules that the configuration's general permissions may change. */
  defaults: PermissionRuleset;
  /** Its rules that only the configuration of this very agent may change: what makes a read-only agent one. */
  firm: PermissionRuleset;
}

export const builtinAgents: BuiltinAgent[] = [
  define({ name: "build", mode: "primary", description: "Does the task: reads, edits and runs commands as the permissions allow." }),
  define(
    {
      name: "plan",
      mode: "primary",
      description: "Reads and thinks, changes no files, and answers with a plan.",
      prompt: `${basePrompt}\n\n${plan.trim()}`,
    },
    { defaults: lookingOnly("ask"), firm: rulesFromConfig({ edit: "deny" }) },
  ),
  define(
    {
      name: "general",
      mode: "subagent",
      description:
        "Takes over one task of several steps, such as research across many files or a change that stands alone, and reports back.",
      prompt: general.trim(),
    },
    { firm: rulesFromConfig({ todowrite: "deny", todoread: "deny", task: "deny" }) },
  ),
  define(
    {
      name: "explore",
      mode: "subagent",
      description:
        "Finds things in the code base and reports where they are, without changing anything. Say what to find and how thoroughly.",
      prompt: explore.trim(),
    },
    { defaults: lookingOnly("deny"), firm: rulesFromConfig({ edit: "deny", todowrite: "deny", todoread: "deny", task: "deny" }) },
  ),
  hidden("compaction", compaction),
  hidden("title", title),
  hidden("summary", summary),
];

function define(
  agent: Omit<Agent, "permission" | "options" | "native">,
  rules: { defaults?: PermissionRuleset; firm?: PermissionRuleset } = {},
): BuiltinAgent {
  return { agent: { ...agent, native: true, options: {} }, defaults: rules.defaults ?? [], firm: rules.firm ?? [] };
}

/** Agents for the server's own use: text in, text out, no tools. */
function hidden(name: string, prompt: string): BuiltinAgent {
  return define({ name, mode: "primary", hidden: true, prompt: prompt.trim() }, { firm: rulesFromConfig("deny") });
}
