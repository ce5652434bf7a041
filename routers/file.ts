import { z } from "zod";
import { FileContent, FileNode, FileSearch, FileStatus, TextMatch } from "../src/schema/file.ts";
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
      errors: ["PayloadTooLargeError"],
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

  status: procedure
    .meta({
      scope: "read",
      errors: ["ServiceUnavailableError", "PayloadTooLargeError"],
      openapi: {
        method: "GET",
        path: "/file/status",
        operationId: "file.status",
        tags,
        summary: "List the changed files",
        description:
          "Files that differ from the newest commit, staged or not, with the lines added and removed. Untracked files that git does not ignore count as added, a renamed file is one deleted and one added. Nothing outside a repository.",
      },
    })
    .output(z.array(FileStatus))
    .query(async ({ ctx }) => (await ctx.instance()).files.status()),

  search: procedure
    .meta({
      scope: "read",
      errors: ["ServiceUnavailableError"],
      openapi: {
        method: "POST",
        path: "/file/search",
        operationId: "file.search",
        tags,
        summary: "Search files",
        description: "With `query`: names that resemble it, as `GET /find/file`. With `pattern`: lines that match it, as `GET /find`.",
      },
    })
    .input(FileSearch)
    .output(z.union([z.array(z.string()), z.array(TextMatch)]))
    .query(async ({ ctx, input, signal }) => (await ctx.instance()).files.search(input, signal)),

  get: procedure
    .meta({
      scope: "read",
      errors: ["PayloadTooLargeError"],
      openapi: {
        method: "GET",
        path: "/file/{path}",
        operationId: "file.get",
        tags,
        summary: "Read a file by its address",
        description:
          "As `GET /file/content`. Slashes of the path may be encoded or not. Files called `content` or `status` are read at `GET /file/content`.",
      },
      rest: { aliases: ["GET /file/{path...}"] },
    })
    .input(Address)
    .output(FileContent)
    .query(async ({ ctx, input }) => (await ctx.instance()).files.content(input.path)),

  statusOf: procedure
    .meta({
      scope: "read",
      errors: ["ServiceUnavailableError", "PayloadTooLargeError"],
      openapi: {
        method: "GET",
        path: "/file/{path}/status",
        operationId: "file.statusOf",
        tags,
        summary: "Whether a file changed",
        description: "As `GET /file/status`, for one file or for what lies below a directory: empty when it is as committed.",
      },
      rest: { aliases: ["GET /file/{path...}/status"] },
    })
    .input(Address)
    .output(z.array(FileStatus))
    .query(async ({ ctx, input }) => (await ctx.instance()).files.status(input.path)),
});
