import { z } from "zod";
import { FileContent, FileNode } from "../src/schema/file.ts";
import { procedure, router } from "./trpc.ts";

const tags = ["file"];
const Address = z.object({ path: z.string() });

export const fileRouter = router({
  list: procedure
    .meta({
      scope: "read",
      openapi: {
        method: "GET",
        path: "/file",
        operationId: "file.list",
        tags,
        summary: "List a directory",
        description:
          "The entries of `path`, relative to the directory of the request (empty: that directory itself). Directories come first.",
      },
    })
    .input(Address)
    .output(z.array(FileNode))
    .query(async ({ ctx, input }) => (await ctx.instance()).files.list(input.path)),

  content: procedure
    .meta({
      scope: "read",
      openapi: {
        method: "GET",
        path: "/file/content",
        operationId: "file.read",
        tags,
        summary: "Read a file",
        description: "Text exactly as it is on disk, or base64 with its type for anything else. At most 10 MB.",
      },
    })
    .input(Address)
    .output(FileContent)
    .query(async ({ ctx, input }) => (await ctx.instance()).files.content(input.path)),
});
