import { Path } from "../src/schema/project.ts";
import { procedure, router } from "./trpc.ts";

export const pathRouter = router({
  get: procedure
    .meta({
      scope: "read",
      openapi: {
        method: "GET",
        path: "/path",
        operationId: "path.get",
        tags: ["path"],
        summary: "Get the paths that matter here",
        description: "The directory, the root of its repository, and where the server keeps its state and configuration.",
      },
    })
    .output(Path)
    .query(async ({ ctx }) => (await ctx.instance()).path),
});
