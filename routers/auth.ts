import { z } from "zod";
import { Auth } from "../src/schema/provider.ts";
import { ProviderKey } from "../src/schema/provider-key.ts";
import { procedure, router } from "./trpc.ts";

const tags = ["auth"];
const providerID = z.string().min(1);

export const authRouter = router({
  list: procedure
    .meta({
      scope: "admin",
      errors: ["ConfigInvalidError"],
      openapi: {
        method: "GET",
        path: "/auth",
        operationId: "auth.list",
        tags,
        summary: "List the keys and logins that are there",
        description: "Of the configuration, stored ones, and those of the environment, masked; `used` says which of a provider's is sent.",
      },
    })
    .output(z.array(ProviderKey))
    .query(async ({ ctx }) => (await ctx.instance()).providers.keys()),

  set: procedure
    .meta({
      scope: "admin",
      errors: ["ConfigInvalidError"],
      openapi: {
        method: "PUT",
        path: "/auth/{providerID}",
        operationId: "auth.set",
        tags,
        summary: "Store credentials of a provider",
        description:
          "A key or a login, kept in a file that only the server's user may read, and never answered. It counts from the next model call on. " +
          "The provider need not be known yet.",
      },
      rest: { payload: "auth" },
    })
    .input(z.object({ providerID, auth: Auth }))
    .output(z.boolean())
    .mutation(async ({ ctx, input }) => {
      await ctx.app.credentials.set(input.providerID, input.auth);
      return true;
    }),

  remove: procedure
    .meta({
      scope: "admin",
      errors: ["ConfigInvalidError"],
      openapi: {
        method: "DELETE",
        path: "/auth/{providerID}",
        operationId: "auth.remove",
        tags,
        summary: "Forget the credentials of a provider",
        description: "Those that were stored here; keys of the environment and the configuration stay. 404 where none are stored.",
      },
    })
    .input(z.object({ providerID }))
    .output(z.boolean())
    .mutation(async ({ ctx, input }) => {
      await ctx.app.credentials.forget(input.providerID);
      return true;
    }),
});
