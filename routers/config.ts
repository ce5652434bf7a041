import { z } from "zod";
import { Config, ProviderConfig } from "../src/schema/config.ts";
import { ConfigPatch } from "../src/schema/config-keys.ts";
import { configSchema } from "../src/schema/config-schema.ts";
import { Provider } from "../src/schema/provider.ts";
import { withoutProviderSecrets, withoutSecrets } from "../src/schema/redact.ts";
import { ConfigSetting } from "../src/schema/setting.ts";
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

  explain: procedure
    .meta({
      scope: "read",
      openapi: {
        method: "GET",
        path: "/config/explain",
        operationId: "config.explain",
        tags,
        summary: "Tell where each setting comes from",
        description:
          "Setting by setting: its value, the file or variable that decides it, and those that it overrules. Without secret values.",
      },
    })
    .output(z.array(ConfigSetting))
    .query(({ ctx }) => ctx.app.settings.explain(ctx.directory)),

  schema: procedure
    .meta({
      scope: "read",
      openapi: {
        method: "GET",
        path: "/config/schema",
        operationId: "config.schema",
        tags,
        summary: "The JSON schema of a configuration file",
        description: "For editors: it checks and completes `opencode.json`, and what PATCH /config takes.",
      },
    })
    .output(z.record(z.string(), z.unknown()))
    .query(() => configSchema()),

  update: procedure
    .meta({
      scope: "admin",
      errors: ["ConfigInvalidError", "ConflictError"],
      openapi: {
        method: "PATCH",
        path: "/config",
        operationId: "config.update",
        tags,
        summary: "Change the configuration",
        description:
          "Given values are written to the project's own opencode.json(c), whose comments stay; what is sent as GET /config shows it is no change. " +
          "Answers what holds now. Running turns keep the configuration they began with, later ones see the new one, and no stream is closed.",
      },
      rest: { payload: "config" },
    })
    .input(z.object({ config: ConfigPatch }))
    .output(Config)
    .mutation(async ({ ctx, input }) => withoutSecrets(await ctx.app.settings.update(ctx.directory, input.config))),

  provider: procedure
    .meta({
      scope: "admin",
      errors: ["ConfigInvalidError", "ConflictError"],
      openapi: {
        method: "POST",
        path: "/config/provider",
        operationId: "config.provider",
        tags,
        summary: "Add or change a provider",
        description: "`{ id, …provider configuration }`, written as PATCH /config does. Answers the configuration that holds now.",
      },
    })
    .input(ProviderConfig.extend({ id: z.string().regex(/^[A-Za-z0-9][\w.@-]*$/, "must be letters, digits, dots and dashes") }))
    .output(Config)
    .mutation(async ({ ctx, input }) => withoutSecrets(await ctx.app.settings.addProvider(ctx.directory, input))),

  model: procedure
    .meta({
      scope: "admin",
      errors: ["ConfigInvalidError", "ConflictError", "ProviderModelNotFoundError"],
      openapi: {
        method: "POST",
        path: "/config/model",
        operationId: "config.model",
        tags,
        summary: "Choose the model",
        description: '`{ model: "provider/model" }`, written as PATCH /config does. Answers the configuration that holds now.',
      },
    })
    .input(z.object({ model: z.string() }))
    .output(Config)
    .mutation(async ({ ctx, input }) => withoutSecrets(await ctx.app.settings.chooseModel(ctx.directory, input.model))),
});
