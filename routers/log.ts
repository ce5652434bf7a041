import { z } from "zod";
import { procedure, router } from "./trpc.ts";

export const logRouter = router({
  write: procedure
    .meta({
      scope: "prompt",
      openapi: {
        method: "POST",
        path: "/log",
        operationId: "app.log",
        tags: ["log"],
        summary: "Write a line to the server's log",
        description: "The message is cut to a bounded size and cannot hold control characters. Lines below the log's level are dropped.",
      },
    })
    .input(
      z.object({
        service: z.string(),
        level: z.enum(["debug", "info", "error", "warn"]),
        message: z.string(),
        extra: z.record(z.string(), z.unknown()).optional(),
      }),
    )
    .output(z.boolean())
    .mutation(({ ctx, input }) => {
      ctx.app.serverLog.message(input);
      return true;
    }),
});
