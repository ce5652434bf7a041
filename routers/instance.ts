import { z } from "zod";
import { procedure, router } from "./trpc.ts";

export const instanceRouter = router({
  dispose: procedure
    .meta({
      scope: "admin",
      openapi: {
        method: "POST",
        path: "/instance/dispose",
        operationId: "instance.dispose",
        tags: ["instance"],
        summary: "End the services of a directory",
        description:
          "Running turns of the directory end as aborted, with their events, before its MCP and language servers are stopped. " +
          "`server.instance.disposed` follows and ends the directory's event streams; the next call makes everything anew.",
      },
    })
    .output(z.boolean())
    .mutation(async ({ ctx }) => {
      await ctx.app.settings.dispose(ctx.directory);
      return true;
    }),
});
