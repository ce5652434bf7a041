import { z } from "zod";
import { Project, ProjectDirectories, ProjectUpdate } from "../src/schema/project.ts";
import { procedure, router } from "./trpc.ts";

const tags = ["project"];

export const projectRouter = router({
  list: procedure
    .meta({
      scope: "read",
      openapi: {
        method: "GET",
        path: "/project",
        operationId: "project.list",
        tags,
        summary: "List the projects",
        description: "Every project this store has seen, most recently used first.",
      },
    })
    .output(z.array(Project))
    .query(({ ctx }) => ctx.app.projects.list()),

  current: procedure
    .meta({
      scope: "read",
      openapi: {
        method: "GET",
        path: "/project/current",
        operationId: "project.current",
        tags,
        summary: "Get the project of the directory",
        description: "A project is a git repository, told by its first commit; outside of one it is `global`.",
      },
    })
    .output(Project)
    .query(async ({ ctx }) => ctx.app.projects.of((await ctx.instance()).directory)),

  update: procedure
    .meta({
      scope: "admin",
      errors: ["ProjectNotFoundError"],
      openapi: {
        method: "PATCH",
        path: "/project/{projectID}",
        operationId: "project.update",
        tags,
        summary: "Change a project",
        description: "Its name, icon and start command; what is left out stays.",
      },
    })
    .input(ProjectUpdate.extend({ projectID: z.string() }))
    .output(Project)
    .mutation(async ({ ctx, input: { projectID, ...changes } }) =>
      ctx.app.projects.update(projectID, changes, (await ctx.instance()).directory),
    ),

  directories: procedure
    .meta({
      scope: "read",
      errors: ["ProjectNotFoundError"],
      openapi: {
        method: "GET",
        path: "/project/{projectID}/directories",
        operationId: "project.directories",
        tags,
        summary: "List where a project is checked out",
        description: "Its worktree first, then the others of it that were seen.",
      },
    })
    .input(z.object({ projectID: z.string() }))
    .output(ProjectDirectories)
    .query(async ({ ctx, input }) => (await ctx.app.projects.directories(input.projectID)).map((directory) => ({ directory }))),
});
