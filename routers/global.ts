import { z } from "zod";
import { Config } from "../src/schema/config.ts";
import { ConfigPatch } from "../src/schema/config-keys.ts";
import { Overview } from "../src/schema/overview.ts";
import { withoutSecrets } from "../src/schema/redact.ts";
import { placesOf } from "./place.ts";
import { procedure, router } from "./trpc.ts";

export const globalRouter = router({
  health: procedure
    .meta({
      scope: "read",
      openapi: {
        method: "GET",
        path: "/global/health",
        operationId: "global.health",
        tags: ["global"],
        summary: "Whether the server is up",
        description: "Answers as soon as the server takes calls.",
      },
      rest: { aliases: ["GET /health"] },
    })
    .output(z.object({ healthy: z.literal(true), version: z.string() }))
    .query(({ ctx }) => ({ healthy: true as const, version: ctx.app.version })),

  overview: procedure
    .meta({
      scope: "read",
      openapi: {
        method: "GET",
        path: "/global/overview",
        operationId: "global.overview",
        tags: ["global"],
        summary: "What goes on in every directory",
        description:
          "For clients that show all of it: the newest sessions, what those at work are doing and what waits for an answer, with the position of the log " +
          "after which the events of all directories (`directory=all`) tell the rest.",
      },
    })
    .input(z.object({ limit: z.int().min(1).max(10_000).optional().describe("Sessions; 200 unless told.") }))
    .output(Overview)
    .query(({ ctx, input: { limit = 200 } }) => ctx.app.sessions.overview({ within: placesOf(ctx), limit })),

  config: procedure
    .meta({
      scope: "read",
      errors: ["ConfigInvalidError"],
      openapi: {
        method: "GET",
        path: "/global/config",
        operationId: "global.config.get",
        tags: ["global"],
        summary: "Get the user's configuration",
        description: "What the user's own files say for every directory, without secret values.",
      },
    })
    .output(Config)
    .query(async ({ ctx }) => withoutSecrets(await ctx.app.settings.global())),

  updateConfig: procedure
    .meta({
      scope: "admin",
      errors: ["ConfigInvalidError", "ConflictError"],
      openapi: {
        method: "PATCH",
        path: "/global/config",
        operationId: "global.config.update",
        tags: ["global"],
        summary: "Change the user's configuration",
        description: "As PATCH /config, in the user's own file; it holds in every directory that says nothing else.",
      },
      rest: { payload: "config" },
    })
    .input(z.object({ config: ConfigPatch }))
    .output(Config)
    .mutation(async ({ ctx, input }) => withoutSecrets(await ctx.app.settings.updateGlobal(input.config))),

  dispose: procedure
    .meta({
      scope: "admin",
      openapi: {
        method: "POST",
        path: "/global/dispose",
        operationId: "global.dispose",
        tags: ["global"],
        summary: "End the services of all directories",
        description: "As POST /instance/dispose for each directory in use, then `global.disposed`. The server stays.",
      },
    })
    .output(z.boolean())
    .mutation(async ({ ctx }) => {
      await ctx.app.settings.disposeAll();
      return true;
    }),
});
