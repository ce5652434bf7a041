import { z } from "zod";
import { FormatterStatus } from "../src/schema/service.ts";
import { procedure, router } from "./trpc.ts";

export const formatterRouter = router({
  status: procedure
    .meta({
      scope: "read",
      openapi: {
        method: "GET",
        path: "/formatter",
        operationId: "formatter.status",
        tags: ["formatter"],
        summary: "List the formatters",
        description:
          "The formatters this server knows and those of the configuration. `enabled`: the project of the directory uses it and it is installed, so it runs after edits.",
      },
    })
    .output(z.array(FormatterStatus))
    .query(async ({ ctx }) => (await ctx.instance()).formatters.status()),
});
