import { z } from "zod";

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
