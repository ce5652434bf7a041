import { z } from "zod";
import { PermissionConfig } from "./permission.ts";

export const AgentConfig = z
  .object({
    model: z.string().optional(),
    variant: z.string().optional(),
    temperature: z.number().optional(),
    top_p: z.number().optional(),
    prompt: z.string().optional(),
    tools: z.record(z.string(), z.boolean()).optional(),
    disable: z.boolean().optional(),
    description: z.string().optional(),
    mode: z.enum(["subagent", "primary", "all"]).optional(),
    hidden: z.boolean().optional(),
    options: z.record(z.string(), z.unknown()).optional(),
    color: z
      .union([z.string().regex(/^#[0-9a-fA-F]{6}$/), z.enum(["primary", "secondary", "accent", "success", "warning", "error", "info"])])
      .optional(),
    steps: z.int().positive().optional(),
    maxSteps: z.int().positive().optional(),
    permission: PermissionConfig.optional(),
  })
  .catchall(z.unknown())
  .meta({ id: "AgentConfig" });
export type AgentConfig = z.infer<typeof AgentConfig>;
