import { z } from "zod";
import { Config } from "../src/schema/config.ts";
import { Provider } from "../src/schema/provider.ts";
import { withoutProviderSecrets, withoutSecrets } from "./redact.ts";
import { procedure, router } from "./trpc.ts";

const tags = ["config"];

export const configRouter = router({
  get: procedure
    .meta({
      scope: "read",
      openapi: {
        method: "GET",
        path: "/config",
        operationId: "config.get",
        tags,
        summary: "Get the configuration",
        description: "What holds in the directory, all sources taken together. Keys, headers and other secret values are left out.",
      },
    })
    .output(Config)
    .query(async ({ ctx }) => withoutSecrets((await ctx.instance()).config.config)),

  providers: procedure
    .meta({
      scope: "read",
      openapi: {
        method: "GET",
        path: "/config/providers",
        operationId: "config.providers",
        tags,
        summary: "List the providers that can be called",
        description: "The connected providers with their models, and each one's default model. Without keys.",
      },
    })
    .output(z.object({ providers: z.array(Provider), default: z.record(z.string(), z.string()) }))
    .query(async ({ ctx }) => {
      const { all, default: defaults, connected } = await (await ctx.instance()).providers.list();
      return {
        providers: all.filter(({ id }) => connected.includes(id)).map(withoutProviderSecrets),
        default: Object.fromEntries(Object.entries(defaults).filter(([id]) => connected.includes(id))),
      };
    }),
});
