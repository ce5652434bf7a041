import { z } from "zod";
import { Provider } from "../src/schema/provider.ts";
import { withoutProviderSecrets } from "./redact.ts";
import { procedure, router } from "./trpc.ts";

export const providerRouter = router({
  list: procedure
    .meta({
      scope: "read",
      openapi: {
        method: "GET",
        path: "/provider",
        operationId: "provider.list",
        tags: ["provider"],
        summary: "List all providers",
        description: "Every provider known here with its models, each one's default model, and which of them can be called. Without keys.",
      },
    })
    .output(z.object({ all: z.array(Provider), default: z.record(z.string(), z.string()), connected: z.array(z.string()) }))
    .query(async ({ ctx }) => {
      const { all, ...rest } = await (await ctx.instance()).providers.list();
      return { ...rest, all: all.map(withoutProviderSecrets) };
    }),
});
