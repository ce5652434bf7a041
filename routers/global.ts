import { z } from "zod";
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
});
