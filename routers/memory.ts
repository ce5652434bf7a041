import { z } from "zod";
import { Memory } from "../src/schema/memory.ts";
import { procedure, router } from "./trpc.ts";

const tags = ["memory"];

/** What `/remember` has stored. */
export const memoryRouter = router({
  list: procedure
    .meta({
      scope: "read",
      openapi: {
        method: "GET",
        path: "/memory",
        operationId: "memory.list",
        tags,
        summary: "List what is remembered",
        description: "Of the project (outside git: of the directory), newest first; of one `type`, or the newest `recent`.",
      },
    })
    .input(z.object({ type: z.string().optional(), recent: z.int().min(1).max(1000).optional() }))
    .output(z.array(Memory))
    .query(async ({ ctx, input }) => {
      const { directory, project } = await ctx.instance();
      return ctx.app.memories.list({ directory, projectID: project.id }, input);
    }),

  remove: procedure
    .meta({
      scope: "prompt",
      openapi: {
        method: "DELETE",
        path: "/memory/{memoryID}",
        operationId: "memory.delete",
        tags,
        summary: "Forget something",
      },
    })
    .input(z.object({ memoryID: z.string().meta({ pattern: "^mem" }) }))
    .output(z.boolean())
    .mutation(async ({ ctx, input }) => {
      const { directory, project } = await ctx.instance();
      await ctx.app.memories.remove({ directory, projectID: project.id }, input.memoryID);
      return true;
    }),
});
