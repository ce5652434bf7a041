import { z } from "zod";

/** A key or a login that is there for a provider. Never the secret itself. */
export const ProviderKey = z
  .object({
    providerID: z.string(),
    name: z.string(),
    source: z.enum(["config", "stored", "env"]),
    variable: z.string().optional().meta({ description: "Of the environment." }),
    type: z.enum(["key", "login", "wellknown"]),
    masked: z.string().meta({ description: "Enough of it to tell two keys apart." }),
    expires: z.number().optional().meta({ description: "Epoch ms, of a login's token: it is renewed by itself." }),
    used: z.boolean().meta({ description: "This one is sent. Others are there and do not count." }),
  })
  .meta({ id: "ProviderKey" });
export type ProviderKey = z.infer<typeof ProviderKey>;

/** What a provider said to a small request. */
export const ProviderTest = z
  .object({
    ok: z.boolean(),
    providerID: z.string(),
    modelID: z.string(),
    milliseconds: z.number(),
    error: z
      .object({
        message: z.string(),
        status: z.int().optional().meta({ description: "That the provider answered with; none where it was not reached." }),
      })
      .optional(),
  })
  .meta({ id: "ProviderTest" });
export type ProviderTest = z.infer<typeof ProviderTest>;
