import { z } from "zod";
import { SharedSession } from "../src/schema/share.ts";
import { procedure, router } from "./trpc.ts";

export const shareRouter = router({
  get: procedure
    .meta({
      scope: "read",
      openapi: {
        method: "GET",
        path: "/share/{secret}/data",
        operationId: "share.get",
        tags: ["share"],
        summary: "Read a shared session",
        description: "What the page of a share link shows, as data. The link's secret is all that it takes; no password is asked for.",
      },
    })
    .input(z.object({ secret: z.string() }))
    .output(SharedSession)
    .query(({ ctx, input }) => ctx.app.sessions.shared(input.secret)),
});
