import { z } from "zod";
import { Provider, ProviderAuthAuthorization, ProviderAuthMethod } from "../src/schema/provider.ts";
import { ProviderTest } from "../src/schema/provider-key.ts";
import { withoutProviderSecrets } from "../src/schema/redact.ts";
import { procedure, router } from "./trpc.ts";

const tags = ["provider"];

export const providerRouter = router({
  list: procedure
    .meta({
      scope: "read",
      openapi: {
        method: "GET",
        path: "/provider",
        operationId: "provider.list",
        tags,
        summary: "List all providers",
        description: "Every provider known here with its models, each one's default model, and which of them can be called. Without keys.",
      },
    })
    .output(z.object({ all: z.array(Provider), default: z.record(z.string(), z.string()), connected: z.array(z.string()) }))
    .query(async ({ ctx }) => {
      const { all, ...rest } = await (await ctx.instance()).providers.list();
      return { ...rest, all: all.map(withoutProviderSecrets) };
    }),

  auth: procedure
    .meta({
      scope: "read",
      openapi: {
        method: "GET",
        path: "/provider/auth",
        operationId: "provider.auth",
        tags,
        summary: "List the ways to log in at providers",
        description: "By provider: a key, a login in the browser, a login with a code. The place in the list is the method's number.",
      },
    })
    .output(z.record(z.string(), z.array(ProviderAuthMethod)))
    .query(async ({ ctx }) => (await ctx.instance()).providers.authMethods()),

  test: procedure
    .meta({
      scope: "admin",
      errors: ["ProviderModelNotFoundError", "ProviderAuthError", "ServiceUnavailableError"],
      openapi: {
        method: "POST",
        path: "/provider/{providerID}/test",
        operationId: "provider.test",
        tags,
        summary: "Try a provider's key",
        description:
          "Asks a cheap model of the provider (or `modelID`) for one word, with `key` if one is given, which is not stored, else with what is sent " +
          "anyway. 200 with `ok: false` and the reason where the provider refuses or cannot be reached.",
      },
      rest: { long: true, endless: true },
    })
    .input(
      z.object({
        providerID: z.string(),
        modelID: z.string().optional(),
        key: z
          .string()
          .regex(/^[\x21-\x7e]+$/, "must be printable characters without spaces and line breaks")
          .optional(),
      }),
    )
    .output(ProviderTest)
    .mutation(async ({ ctx, input, signal }) => (await ctx.instance()).providers.test(input, signal)),

  oauth: router({
    authorize: procedure
      .meta({
        scope: "admin",
        errors: ["ConflictError", "ProviderAuthOauthCallbackFailed", "ServiceUnavailableError"],
        openapi: {
          method: "POST",
          path: "/provider/{providerID}/oauth/authorize",
          operationId: "provider.oauth.authorize",
          tags,
          summary: "Begin a login at a provider",
          description:
            "By the method of that number in GET /provider/auth. Answers the address to visit; `code`: the login ends with a code that it shows.",
        },
      })
      .input(z.object({ providerID: z.string(), method: z.number(), inputs: z.record(z.string(), z.string()).optional() }))
      .output(ProviderAuthAuthorization)
      .mutation(async ({ ctx, input }) => (await ctx.instance()).providers.authorize(input.providerID, input.method)),

    callback: procedure
      .meta({
        scope: "admin",
        errors: ["ProviderAuthOauthMissing", "ProviderAuthOauthCodeMissing", "ProviderAuthOauthCallbackFailed", "ServiceUnavailableError"],
        openapi: {
          method: "POST",
          path: "/provider/{providerID}/oauth/callback",
          operationId: "provider.oauth.callback",
          tags,
          summary: "End a login at a provider",
          description:
            "With the code (or the address the browser ended at); without one, waits until the login that is under way has ended.",
        },
        rest: { long: true, endless: true },
      })
      .input(z.object({ providerID: z.string(), method: z.number(), code: z.string().optional() }))
      .output(z.boolean())
      .mutation(async ({ ctx, input, signal }) => {
        await (await ctx.instance()).providers.finishLogin(input, signal);
        return true;
      }),
  }),
});
