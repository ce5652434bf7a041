import { z } from "zod";

export const Model = z
  .object({
    id: z.string(),
    providerID: z.string(),
    api: z.object({ id: z.string(), url: z.string(), npm: z.string() }),
    name: z.string(),
    family: z.string().optional(),
    capabilities: z.object({
      temperature: z.boolean(),
      reasoning: z.boolean(),
      attachment: z.boolean(),
      toolcall: z.boolean(),
      input: z.object({ text: z.boolean(), audio: z.boolean(), image: z.boolean(), video: z.boolean(), pdf: z.boolean() }),
      output: z.object({ text: z.boolean(), audio: z.boolean(), image: z.boolean(), video: z.boolean(), pdf: z.boolean() }),
      interleaved: z.union([
        z.boolean(),
        z.object({ field: z.union([z.enum(["reasoning", "reasoning_content", "reasoning_text"]), z.string()]) }),
      ]),
    }),
    cost: z.object({
      input: z.number(),
      output: z.number(),
      cache: z.object({ read: z.number(), write: z.number() }),
      tiers: z
        .array(
          z.object({
            input: z.number(),
            output: z.number(),
            cache: z.object({ read: z.number(), write: z.number() }),
            tier: z.object({ type: z.literal("context"), size: z.number() }),
          }),
        )
        .optional(),
      experimentalOver200K: z
        .object({ input: z.number(), output: z.number(), cache: z.object({ read: z.number(), write: z.number() }) })
        .optional(),
    }),
    limit: z.object({ context: z.number(), input: z.number().optional(), output: z.number() }),
    status: z.enum(["alpha", "beta", "deprecated", "active"]),
    options: z.record(z.string(), z.unknown()),
    headers: z.record(z.string(), z.string()),
    release_date: z.string(),
    variants: z.record(z.string(), z.record(z.string(), z.unknown())).optional(),
  })
  .meta({ id: "Model" });
export type Model = z.infer<typeof Model>;

export const Provider = z
  .object({
    id: z.string(),
    name: z.string(),
    source: z.enum(["env", "config", "custom", "api"]),
    env: z.array(z.string()),
    key: z.string().optional(),
    options: z.record(z.string(), z.unknown()),
    models: z.record(z.string(), Model),
  })
  .meta({ id: "Provider" });
export type Provider = z.infer<typeof Provider>;

export const ProviderAuthMethod = z
  .object({
    type: z.enum(["oauth", "api"]),
    label: z.string(),
    prompts: z
      .array(
        z.union([
          z.object({
            type: z.literal("text"),
            key: z.string(),
            message: z.string(),
            placeholder: z.string().optional(),
            when: z.object({ key: z.string(), op: z.enum(["eq", "neq"]), value: z.string() }).optional(),
          }),
          z.object({
            type: z.literal("select"),
            key: z.string(),
            message: z.string(),
            options: z.array(z.object({ label: z.string(), value: z.string(), hint: z.string().optional() })),
            when: z.object({ key: z.string(), op: z.enum(["eq", "neq"]), value: z.string() }).optional(),
          }),
        ]),
      )
      .optional(),
  })
  .meta({ id: "ProviderAuthMethod" });
export type ProviderAuthMethod = z.infer<typeof ProviderAuthMethod>;

export const ProviderAuthAuthorization = z
  .object({ url: z.string(), method: z.enum(["auto", "code"]), instructions: z.string() })
  .meta({ id: "ProviderAuthAuthorization" });
export type ProviderAuthAuthorization = z.infer<typeof ProviderAuthAuthorization>;

export const OAuth = z
  .object({
    type: z.literal("oauth"),
    refresh: z.string(),
    access: z.string(),
    expires: z.int().min(0),
    accountId: z.string().optional(),
    enterpriseUrl: z.string().optional(),
  })
  .meta({ id: "OAuth" });
export type OAuth = z.infer<typeof OAuth>;

export const ApiAuth = z
  .object({ type: z.literal("api"), key: z.string(), metadata: z.record(z.string(), z.string()).optional() })
  .meta({ id: "ApiAuth" });
export type ApiAuth = z.infer<typeof ApiAuth>;

export const WellKnownAuth = z.object({ type: z.literal("wellknown"), key: z.string(), token: z.string() }).meta({ id: "WellKnownAuth" });
export type WellKnownAuth = z.infer<typeof WellKnownAuth>;

export const Auth = z.discriminatedUnion("type", [OAuth, ApiAuth, WellKnownAuth]).meta({ id: "Auth" });
export type Auth = z.infer<typeof Auth>;
