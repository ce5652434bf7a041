import { z } from "zod";
import { Skill } from "../src/schema/skill.ts";
import { procedure, router } from "./trpc.ts";

export const skillRouter = router({
  list: procedure
    .meta({
      scope: "read",
      openapi: {
        method: "GET",
        path: "/skill",
        operationId: "app.skills",
        tags: ["skill"],
        summary: "List the skills",
        description: "Those of the project, where it is trusted, of the user, and those the configuration names; by name.",
      },
    })
    .output(z.array(Skill))
    .query(async ({ ctx }) => (await ctx.instance()).skills.list()),
});
