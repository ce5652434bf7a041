import { z } from "zod";

/** The newer lists of the reference (`/api/agent`, `/api/model` …): what there is, and of which directory. */
export const LocationInfo = z
  .object({
    directory: z.string(),
    workspaceID: z.string().regex(/^wrk/).optional(),
    project: z.object({ id: z.string(), directory: z.string() }),
  })
  .meta({ id: "LocationInfo" });
export type LocationInfo = z.infer<typeof LocationInfo>;

const anything = z.record(z.string(), z.unknown());

export const ProviderRequest = z.object({ headers: z.record(z.string(), z.string()), body: anything }).meta({ id: "ProviderRequest" });
export type ProviderRequest = z.infer<typeof ProviderRequest>;

/** A model by its two names, as these lists carry it: prompts call the first one `modelID`. */
export const ListedModelRef = z.object({ id: z.string(), providerID: z.string(), variant: z.string().optional() }).meta({ id: "ModelRef" });
export type ListedModelRef = z.infer<typeof ListedModelRef>;

export const AgentColor = z
  .union([z.string().regex(/^#[0-9a-fA-F]{6}$/), z.enum(["primary", "secondary", "accent", "success", "warning", "error", "info"])])
  .meta({ id: "AgentColor" });
export type AgentColor = z.infer<typeof AgentColor>;

export const PermissionV2Effect = z.enum(["allow", "deny", "ask"]).meta({ id: "PermissionV2Effect" });
export type PermissionV2Effect = z.infer<typeof PermissionV2Effect>;

export const PermissionV2Rule = z
  .object({ action: z.string(), resource: z.string(), effect: PermissionV2Effect })
  .meta({ id: "PermissionV2Rule" });
export type PermissionV2Rule = z.infer<typeof PermissionV2Rule>;

export const PermissionV2Ruleset = z.array(PermissionV2Rule).meta({ id: "PermissionV2Ruleset" });
export type PermissionV2Ruleset = z.infer<typeof PermissionV2Ruleset>;

export const AgentV2Info = z
  .object({
    id: z.string(),
    model: ListedModelRef.optional(),
    request: ProviderRequest,
    system: z.string().optional(),
    description: z.string().optional(),
    mode: z.enum(["subagent", "primary", "all"]),
    hidden: z.boolean(),
    color: AgentColor.optional(),
    steps: z.int().positive().optional(),
    permissions: PermissionV2Ruleset,
  })
  .meta({ id: "AgentV2Info" });
export type AgentV2Info = z.infer<typeof AgentV2Info>;

export const CommandV2Info = z
  .object({
    name: z.string(),
    template: z.string(),
    description: z.string().optional(),
    agent: z.string().optional(),
    model: ListedModelRef.optional(),
    subtask: z.boolean().optional(),
  })
  .meta({ id: "CommandV2Info" });
export type CommandV2Info = z.infer<typeof CommandV2Info>;

export const SkillV2Info = z
  .object({
    name: z.string(),
    description: z.string().optional(),
    slash: z.boolean().optional(),
    location: z.string(),
    content: z.string(),
  })
  .meta({ id: "SkillV2Info" });
export type SkillV2Info = z.infer<typeof SkillV2Info>;

const shown = { description: z.string().optional(), hidden: z.boolean().optional() };

export const ReferenceLocalSource = z.object({ type: z.literal("local"), path: z.string(), ...shown }).meta({ id: "ReferenceLocalSource" });
export type ReferenceLocalSource = z.infer<typeof ReferenceLocalSource>;

export const ReferenceGitSource = z
  .object({ type: z.literal("git"), repository: z.string(), branch: z.string().optional(), ...shown })
  .meta({ id: "ReferenceGitSource" });
export type ReferenceGitSource = z.infer<typeof ReferenceGitSource>;

export const ReferenceSource = z.union([ReferenceLocalSource, ReferenceGitSource]).meta({ id: "ReferenceSource" });
export type ReferenceSource = z.infer<typeof ReferenceSource>;

export const ReferenceInfo = z
  .object({ name: z.string(), path: z.string(), ...shown, source: ReferenceSource })
  .meta({ id: "ReferenceInfo" });
export type ReferenceInfo = z.infer<typeof ReferenceInfo>;
