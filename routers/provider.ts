import { z } from "zod";
import { Provider, ProviderAuthMethod } from "../src/schema/provider.ts";
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
});
