import { z } from "zod";
import { ProviderRequest } from "./location.ts";

const request = ProviderRequest.shape;

export const ModelApi = z
  .union([
    z.object({
      id: z.string(),
      type: z.literal("aisdk"),
      package: z.string(),
      url: z.string().optional(),
      settings: request.body.optional(),
    }),
    z.object({ id: z.string(), type: z.literal("native"), url: z.string().optional(), settings: request.body }),
  ])
  .meta({ id: "ModelApi" });
export type ModelApi = z.infer<typeof ModelApi>;

export const ModelCapabilities = z
  .object({ tools: z.boolean(), input: z.array(z.string()), output: z.array(z.string()) })
  .meta({ id: "ModelCapabilities" });
export type ModelCapabilities = z.infer<typeof ModelCapabilities>;

export const ModelCost = z
  .object({
    tier: z.object({ type: z.literal("context"), size: z.int() }).optional(),
    input: z.number(),
    output: z.number(),
    cache: z.object({ read: z.number(), write: z.number() }),
  })
  .meta({ id: "ModelCost" });
export type ModelCost = z.infer<typeof ModelCost>;

export const ModelV2Info = z
  .object({
    id: z.string(),
    providerID: z.string(),
    family: z.string().optional(),
    name: z.string(),
    api: ModelApi,
    capabilities: ModelCapabilities,
    request: z.object({ ...request, variant: z.string().optional() }),
    variants: z.array(z.object({ id: z.string(), ...request })),
    time: z.object({ released: z.number() }),
    cost: z.array(ModelCost),
    status: z.enum(["alpha", "beta", "deprecated", "active"]),
    enabled: z.boolean(),
    limit: z.object({ context: z.int(), input: z.int().optional(), output: z.int() }),
  })
  .meta({ id: "ModelV2Info" });
export type ModelV2Info = z.infer<typeof ModelV2Info>;

const settings = request.body;

export const ProviderAISDK = z
  .object({ type: z.literal("aisdk"), package: z.string(), url: z.string().optional(), settings: settings.optional() })
  .meta({ id: "ProviderAISDK" });
export type ProviderAISDK = z.infer<typeof ProviderAISDK>;

export const ProviderNative = z.object({ type: z.literal("native"), url: z.string().optional(), settings }).meta({ id: "ProviderNative" });
export type ProviderNative = z.infer<typeof ProviderNative>;

export const ProviderApi = z.union([ProviderAISDK, ProviderNative]).meta({ id: "ProviderApi" });
export type ProviderApi = z.infer<typeof ProviderApi>;

export const ProviderV2Info = z
  .object({
    id: z.string(),
    integrationID: z.string().optional(),
    name: z.string(),
    disabled: z.boolean().optional(),
    api: ProviderApi,
    request: ProviderRequest,
  })
  .meta({ id: "ProviderV2Info" });
export type ProviderV2Info = z.infer<typeof ProviderV2Info>;

export const IntegrationWhen = z.object({ key: z.string(), op: z.enum(["eq", "neq"]), value: z.string() }).meta({ id: "IntegrationWhen" });
export type IntegrationWhen = z.infer<typeof IntegrationWhen>;

export const IntegrationTextPrompt = z
  .object({
    type: z.literal("text"),
    key: z.string(),
    message: z.string(),
    placeholder: z.string().optional(),
    when: IntegrationWhen.optional(),
  })
  .meta({ id: "IntegrationTextPrompt" });
export type IntegrationTextPrompt = z.infer<typeof IntegrationTextPrompt>;

export const IntegrationSelectPrompt = z
  .object({
    type: z.literal("select"),
    key: z.string(),
    message: z.string(),
    options: z.array(z.object({ label: z.string(), value: z.string(), hint: z.string().optional() })),
    when: IntegrationWhen.optional(),
  })
  .meta({ id: "IntegrationSelectPrompt" });
export type IntegrationSelectPrompt = z.infer<typeof IntegrationSelectPrompt>;

export const IntegrationOAuthMethod = z
  .object({
    id: z.string(),
    type: z.literal("oauth"),
    label: z.string(),
    prompts: z.array(z.union([IntegrationTextPrompt, IntegrationSelectPrompt])).optional(),
  })
  .meta({ id: "IntegrationOAuthMethod" });
export type IntegrationOAuthMethod = z.infer<typeof IntegrationOAuthMethod>;

export const IntegrationKeyMethod = z.object({ type: z.literal("key"), label: z.string().optional() }).meta({ id: "IntegrationKeyMethod" });
export type IntegrationKeyMethod = z.infer<typeof IntegrationKeyMethod>;

export const IntegrationEnvMethod = z.object({ type: z.literal("env"), names: z.array(z.string()) }).meta({ id: "IntegrationEnvMethod" });
export type IntegrationEnvMethod = z.infer<typeof IntegrationEnvMethod>;

export const IntegrationMethod = z
  .union([IntegrationOAuthMethod, IntegrationKeyMethod, IntegrationEnvMethod])
  .meta({ id: "IntegrationMethod" });
export type IntegrationMethod = z.infer<typeof IntegrationMethod>;

export const ConnectionCredentialInfo = z
  .object({ type: z.literal("credential"), id: z.string(), label: z.string() })
  .meta({ id: "ConnectionCredentialInfo" });
export type ConnectionCredentialInfo = z.infer<typeof ConnectionCredentialInfo>;

export const ConnectionEnvInfo = z.object({ type: z.literal("env"), name: z.string() }).meta({ id: "ConnectionEnvInfo" });
export type ConnectionEnvInfo = z.infer<typeof ConnectionEnvInfo>;

export const ConnectionInfo = z.union([ConnectionCredentialInfo, ConnectionEnvInfo]).meta({ id: "ConnectionInfo" });
export type ConnectionInfo = z.infer<typeof ConnectionInfo>;

/** A way to reach models: how it can be connected, and how it is. */
export const IntegrationInfo = z
  .object({ id: z.string(), name: z.string(), methods: z.array(IntegrationMethod), connections: z.array(ConnectionInfo) })
  .meta({ id: "IntegrationInfo" });
export type IntegrationInfo = z.infer<typeof IntegrationInfo>;
