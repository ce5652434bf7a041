import { z } from "zod";
import { AgentConfig } from "./agent-config.ts";
import { BudgetConfig } from "./budget.ts";
import { McpLocalConfig, McpRemoteConfig } from "./mcp-config.ts";
import { PermissionConfig } from "./permission.ts";
import { ProviderConfig } from "./provider-config.ts";
import { LogLevel, ServerConfig } from "./server-config.ts";

export * from "./agent-config.ts";
export * from "./mcp-config.ts";
export * from "./provider-config.ts";
export * from "./server-config.ts";

export const ConfigV2ReferenceGit = z
  .object({ repository: z.string(), branch: z.string().optional(), description: z.string().optional(), hidden: z.boolean().optional() })
  .meta({ id: "ConfigV2ReferenceGit" });
export type ConfigV2ReferenceGit = z.infer<typeof ConfigV2ReferenceGit>;

export const ConfigV2ReferenceLocal = z
  .object({ path: z.string(), description: z.string().optional(), hidden: z.boolean().optional() })
  .meta({ id: "ConfigV2ReferenceLocal" });
export type ConfigV2ReferenceLocal = z.infer<typeof ConfigV2ReferenceLocal>;

export const PolicyEffect = z.enum(["allow", "deny"]).meta({ id: "PolicyEffect" });
export type PolicyEffect = z.infer<typeof PolicyEffect>;

export const ConfigV2ExperimentalPolicy = z
  .object({ action: z.literal("provider.use"), effect: PolicyEffect, resource: z.string() })
  .meta({ id: "ConfigV2ExperimentalPolicy" });
export type ConfigV2ExperimentalPolicy = z.infer<typeof ConfigV2ExperimentalPolicy>;

export const LayoutConfig = z.enum(["auto", "stretch"]).meta({ id: "LayoutConfig" });
export type LayoutConfig = z.infer<typeof LayoutConfig>;

export const ImageAttachmentConfig = z
  .object({
    auto_resize: z.boolean().optional(),
    max_width: z.int().positive().optional(),
    max_height: z.int().positive().optional(),
    max_base64_bytes: z.int().positive().optional(),
  })
  .meta({ id: "ImageAttachmentConfig" });
export type ImageAttachmentConfig = z.infer<typeof ImageAttachmentConfig>;

export const AttachmentConfig = z.object({ image: ImageAttachmentConfig.optional() }).meta({ id: "AttachmentConfig" });
export type AttachmentConfig = z.infer<typeof AttachmentConfig>;

export const Config = z
  .object({
    $schema: z.string().optional(),
    shell: z.string().optional(),
    logLevel: LogLevel.optional(),
    server: ServerConfig.optional(),
    command: z
      .record(
        z.string(),
        z.object({
          template: z.string(),
          description: z.string().optional(),
          agent: z.string().optional(),
          model: z.string().optional(),
          variant: z.string().optional(),
          subtask: z.boolean().optional(),
        }),
      )
      .optional(),
    skills: z.object({ paths: z.array(z.string()).optional(), urls: z.array(z.string()).optional() }).optional(),
    references: z.record(z.string(), z.union([z.string(), ConfigV2ReferenceGit, ConfigV2ReferenceLocal])).optional(),
    reference: z.record(z.string(), z.union([z.string(), ConfigV2ReferenceGit, ConfigV2ReferenceLocal])).optional(),
    watcher: z.object({ ignore: z.array(z.string()).optional() }).optional(),
    snapshot: z.boolean().optional(),
    plugin: z.array(z.union([z.string(), z.tuple([z.string(), z.record(z.string(), z.unknown())])])).optional(),
    share: z.enum(["manual", "auto", "disabled"]).optional(),
    autoshare: z.boolean().optional(),
    autoupdate: z.union([z.boolean(), z.literal("notify")]).optional(),
    disabled_providers: z.array(z.string()).optional(),
    enabled_providers: z.array(z.string()).optional(),
    model: z.string().optional(),
    small_model: z.string().optional(),
    default_agent: z.string().optional(),
    subagent_depth: z.int().min(0).optional(),
    username: z.string().optional(),
    mode: z.object({ build: AgentConfig.optional(), plan: AgentConfig.optional() }).catchall(AgentConfig).optional(),
    agent: z
      .object({
        plan: AgentConfig.optional(),
        build: AgentConfig.optional(),
        general: AgentConfig.optional(),
        explore: AgentConfig.optional(),
        title: AgentConfig.optional(),
        summary: AgentConfig.optional(),
        compaction: AgentConfig.optional(),
      })
      .catchall(AgentConfig)
      .optional(),
    provider: z.record(z.string(), ProviderConfig).optional(),
    mcp: z.record(z.string(), z.union([McpLocalConfig, McpRemoteConfig, z.object({ enabled: z.boolean() })])).optional(),
    formatter: z
      .union([
        z.boolean(),
        z.record(
          z.string(),
          z.object({
            disabled: z.boolean().optional(),
            command: z.array(z.string()).optional(),
            environment: z.record(z.string(), z.string()).optional(),
            extensions: z.array(z.string()).optional(),
          }),
        ),
      ])
      .optional(),
    lsp: z
      .union([
        z.boolean(),
        z.record(
          z.string(),
          z.union([
            z.object({ disabled: z.literal(true) }),
            z.object({
              command: z.array(z.string()),
              extensions: z.array(z.string()).optional(),
              disabled: z.boolean().optional(),
              env: z.record(z.string(), z.string()).optional(),
              initialization: z.record(z.string(), z.unknown()).optional(),
            }),
          ]),
        ),
      ])
      .optional(),
    instructions: z.array(z.string()).optional(),
    layout: LayoutConfig.optional(),
    permission: PermissionConfig.optional(),
    tools: z.record(z.string(), z.boolean()).optional(),
    attachment: AttachmentConfig.optional(),
    enterprise: z.object({ url: z.string().optional() }).optional(),
    tool_output: z.object({ max_lines: z.int().positive().optional(), max_bytes: z.int().positive().optional() }).optional(),
    compaction: z
      .object({
        auto: z.boolean().optional(),
        prune: z.boolean().optional(),
        tail_turns: z.int().min(0).optional(),
        preserve_recent_tokens: z.int().min(0).optional(),
        reserved: z.int().min(0).optional(),
      })
      .optional(),
    budget: BudgetConfig.optional(),
    experimental: z
      .object({
        disable_paste_summary: z.boolean().optional(),
        batch_tool: z.boolean().optional(),
        openTelemetry: z.boolean().optional(),
        primary_tools: z.array(z.string()).optional(),
        continue_loop_on_deny: z.boolean().optional(),
        mcp_timeout: z.int().positive().optional(),
        policies: z.array(ConfigV2ExperimentalPolicy).optional(),
      })
      .optional(),
  })
  .meta({ id: "Config" });
export type Config = z.infer<typeof Config>;
