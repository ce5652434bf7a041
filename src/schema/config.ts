import { z } from "zod";
import { BudgetConfig } from "./budget.ts";
import { Limits } from "./limits.ts";
import { PermissionConfig } from "./permission.ts";
import { Retention } from "./retention.ts";

export const LogLevel = z.enum(["DEBUG", "INFO", "WARN", "ERROR"]).meta({ id: "LogLevel" });
export type LogLevel = z.infer<typeof LogLevel>;

/**
 * What becomes of turns that a server had started when it died. `off`: they stay interrupted. `ask`: people are asked. `safe`: they are run again if
 * every tool they had called may be repeated. `always`: they are run again.
 */
export const ResumePolicy = z.enum(["off", "ask", "safe", "always"]);
export type ResumePolicy = z.infer<typeof ResumePolicy>;

export const ServerConfig = z
  .object({
    port: z.int().positive().optional(),
    hostname: z.string().optional(),
    mdns: z.boolean().optional(),
    mdnsDomain: z.string().optional(),
    cors: z.array(z.string()).optional(),
    /** What becomes of turns that a dead server had started. */
    resume: ResumePolicy.optional(),
    /** Milliseconds after which a permission request or question that nobody answers counts as refused; false: never. */
    askTimeout: z.union([z.int().positive().max(2_147_483_647), z.literal(false)]).optional(),
    limits: Limits.optional(),
    retention: Retention.optional(),
    /** A collector of OpenTelemetry (OTLP over HTTP): `endpoint` without the path `/v1/traces`. */
    traces: z.object({ endpoint: z.url({ protocol: /^https?$/ }), headers: z.record(z.string(), z.string()).optional() }).optional(),
  })
  .meta({ id: "ServerConfig" });
export type ServerConfig = z.infer<typeof ServerConfig>;

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

/** Where and as whom one logs in at a provider; ours, the reference has no such thing. */
export const ProviderOAuthConfig = z.object({
  /** Of the authorization code flow with PKCE. */
  authorizationURL: z.string().optional(),
  tokenURL: z.string().optional(),
  /** Of the device flow. */
  deviceURL: z.string().optional(),
  /** This installation, as the authorization server knows it. */
  clientID: z.string().optional(),
  clientSecret: z.string().optional(),
  scopes: z.array(z.string()).optional(),
  /** Where the browser is sent back to; a listener on this machine, on any free port, unless told. */
  redirectURL: z.string().optional(),
  /** Further parameters of the authorization address, such as `audience`. */
  parameters: z.record(z.string(), z.string()).optional(),
});
export type ProviderOAuthConfig = z.infer<typeof ProviderOAuthConfig>;

export const ProviderConfig = z
  .object({
    oauth: ProviderOAuthConfig.optional(),
    api: z.string().optional(),
    name: z.string().optional(),
    env: z.array(z.string()).optional(),
    id: z.string().optional(),
    npm: z.string().optional(),
    whitelist: z.array(z.string()).optional(),
    blacklist: z.array(z.string()).optional(),
    options: z
      .object({
        apiKey: z.string().optional(),
        baseURL: z.string().optional(),
        enterpriseUrl: z.string().optional(),
        setCacheKey: z.boolean().optional(),
        timeout: z.union([z.int().positive(), z.literal(false)]).optional(),
        headerTimeout: z.union([z.int().positive(), z.literal(false)]).optional(),
        chunkTimeout: z.union([z.int().positive(), z.literal(false)]).optional(),
      })
      .catchall(z.unknown())
      .optional(),
    models: z
      .record(
        z.string(),
        z.object({
          id: z.string().optional(),
          name: z.string().optional(),
          family: z.string().optional(),
          release_date: z.string().optional(),
          attachment: z.boolean().optional(),
          reasoning: z.boolean().optional(),
          temperature: z.boolean().optional(),
          tool_call: z.boolean().optional(),
          interleaved: z
            .union([
              z.boolean(),
              z.enum(["reasoning", "reasoning_content", "reasoning_text"]),
              z.string(),
              z.object({ field: z.union([z.enum(["reasoning", "reasoning_content", "reasoning_text"]), z.string()]) }),
            ])
            .optional(),
          cost: z
            .object({
              input: z.number(),
              output: z.number(),
              cache_read: z.number().optional(),
              cache_write: z.number().optional(),
              context_over_200k: z
                .object({ input: z.number(), output: z.number(), cache_read: z.number().optional(), cache_write: z.number().optional() })
                .optional(),
            })
            .optional(),
          limit: z.object({ context: z.number(), input: z.number().optional(), output: z.number() }).optional(),
          modalities: z
            .object({
              input: z.array(z.enum(["text", "audio", "image", "video", "pdf"])).optional(),
              output: z.array(z.enum(["text", "audio", "image", "video", "pdf"])).optional(),
            })
            .optional(),
          experimental: z.boolean().optional(),
          status: z.enum(["alpha", "beta", "deprecated", "active"]).optional(),
          provider: z.object({ npm: z.string().optional(), api: z.string().optional() }).optional(),
          options: z.record(z.string(), z.unknown()).optional(),
          headers: z.record(z.string(), z.string()).optional(),
          variants: z.record(z.string(), z.object({ disabled: z.boolean().optional() }).catchall(z.unknown())).optional(),
        }),
      )
      .optional(),
  })
  .meta({ id: "ProviderConfig" });
export type ProviderConfig = z.infer<typeof ProviderConfig>;

export const McpLocalConfig = z
  .object({
    type: z.literal("local"),
    command: z.array(z.string()),
    cwd: z.string().optional(),
    environment: z.record(z.string(), z.string()).optional(),
    enabled: z.boolean().optional(),
    timeout: z.int().positive().optional(),
  })
  .meta({ id: "McpLocalConfig" });
export type McpLocalConfig = z.infer<typeof McpLocalConfig>;

export const McpOAuthConfig = z
  .object({
    clientId: z.string().optional(),
    clientSecret: z.string().optional(),
    scope: z.string().optional(),
    callbackPort: z.int().min(1).max(65535).optional(),
    redirectUri: z.string().optional(),
  })
  .meta({ id: "McpOAuthConfig" });
export type McpOAuthConfig = z.infer<typeof McpOAuthConfig>;

export const McpRemoteConfig = z
  .object({
    type: z.literal("remote"),
    url: z.string(),
    enabled: z.boolean().optional(),
    headers: z.record(z.string(), z.string()).optional(),
    oauth: z.union([McpOAuthConfig, z.literal(false)]).optional(),
    timeout: z.int().positive().optional(),
  })
  .meta({ id: "McpRemoteConfig" });
export type McpRemoteConfig = z.infer<typeof McpRemoteConfig>;

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
