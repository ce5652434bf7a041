import { z } from "zod";
import { PermissionRuleset } from "./session.ts";

export const Agent = z
  .object({
    name: z.string(),
    description: z.string().optional(),
    mode: z.enum(["subagent", "primary", "all"]),
    native: z.boolean().optional(),
    hidden: z.boolean().optional(),
    topP: z.number().optional(),
    temperature: z.number().optional(),
    color: z.string().optional(),
    permission: PermissionRuleset,
    model: z.object({ modelID: z.string(), providerID: z.string() }).optional(),
    variant: z.string().optional(),
    prompt: z.string().optional(),
    options: z.record(z.string(), z.unknown()),
    steps: z.number().optional(),
  })
  .meta({ id: "Agent" });
export type Agent = z.infer<typeof Agent>;

export const Command = z
  .object({
    name: z.string(),
    description: z.string().optional(),
    agent: z.string().optional(),
    model: z.string().optional(),
    source: z.enum(["command", "mcp", "skill"]).optional(),
    template: z.string(),
    subtask: z.boolean().optional(),
    hints: z.array(z.string()),
  })
  .meta({ id: "Command" });
export type Command = z.infer<typeof Command>;
