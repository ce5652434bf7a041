import { z } from "zod";
import { VcsFileDiff, VcsFileStatus, VcsInfo } from "../src/schema/project.ts";
import { procedure, router } from "./trpc.ts";

const tags = ["vcs"];

export const vcsRouter = router({
  get: procedure
    .meta({
      scope: "read",
      openapi: {
        method: "GET",
        path: "/vcs",
        operationId: "vcs.get",
        tags,
        summary: "Get the branch",
        description: "The branch of the directory and the default branch of its repository; empty outside of one.",
      },
      rest: { aliases: ["GET /project/vcs"] },
    })
    .output(VcsInfo)
    .query(async ({ ctx }) => (await ctx.instance()).vcs.info()),

  status: procedure
    .meta({
      scope: "read",
      errors: ["ServiceUnavailableError", "PayloadTooLargeError"],
      openapi: {
        method: "GET",
        path: "/vcs/status",
        operationId: "vcs.status",
        tags,
        summary: "List the changed files",
        description: "The same as `GET /file/status`, in the words of diffs. Names are relative to the directory.",
      },
    })
    .output(z.array(VcsFileStatus))
    .query(async ({ ctx }) => (await ctx.instance()).vcs.status()),

  diff: procedure
    .meta({
      scope: "read",
      errors: ["ServiceUnavailableError", "PayloadTooLargeError"],
      openapi: {
        method: "GET",
        path: "/vcs/diff",
        operationId: "vcs.diff",
        tags,
        summary: "Get the changes as patches",
        description:
          "`mode=git`: against the newest commit. `mode=branch`: against the commit where this branch left the default branch. `context`: unchanged lines around each change. `file`: that one alone.",
      },
    })
    .input(z.object({ mode: z.enum(["git", "branch"]), context: z.int().min(0).optional(), file: z.string().min(1).optional() }))
    .output(z.array(VcsFileDiff))
    .query(async ({ ctx, input }) => (await ctx.instance()).vcs.diff(input)),

  applyPatch: procedure
    .meta({
      scope: "prompt",
      openapi: {
        method: "POST",
        path: "/vcs/apply",
        operationId: "vcs.apply",
        tags,
        summary: "Apply a patch",
        description: "To the files below the directory, as a whole or not at all.",
      },
      errors: ["VcsApplyError"],
    })
    .input(z.object({ patch: z.string() }))
    .output(z.object({ applied: z.boolean() }))
    .mutation(async ({ ctx, input }) => (await ctx.instance()).vcs.apply(input.patch)),
});
