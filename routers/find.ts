import { z } from "zod";
import { TextMatch, WorkspaceSymbol } from "../src/schema/file.ts";
import { procedure, router } from "./trpc.ts";

const tags = ["find"];
export const findRouter = router({
  text: procedure
    .meta({
      scope: "read",
      errors: ["ServiceUnavailableError"],
      openapi: {
        method: "GET",
        path: "/find",
        operationId: "find.text",
        tags,
        summary: "Search in files",
        description: "Lines that match the regular expression (ripgrep's syntax) in files that git does not ignore.",
      },
    })
    .input(z.object({ pattern: z.string() }))
    .output(z.array(TextMatch))
    .query(async ({ ctx, input, signal }) => (await ctx.instance()).files.searchText(input.pattern, { signal })),

  files: procedure
    .meta({
      scope: "read",
      errors: ["ServiceUnavailableError"],
      openapi: {
        method: "GET",
        path: "/find/file",
        operationId: "find.files",
        tags,
        summary: "Find files by name",
        description: "Fuzzy, best match first. Directories end with a slash; `dirs=false` leaves them out, `type` takes one kind only.",
      },
    })
    .input(
      z.object({
        query: z.string(),
        dirs: z.enum(["true", "false"]).optional(),
        type: z.enum(["file", "directory"]).optional(),
        limit: z.int().min(1).max(200).optional(),
      }),
    )
    .output(z.array(z.string()))
    .query(async ({ ctx, input: { query, dirs, ...options }, signal }) =>
      (await ctx.instance()).files.searchFiles(query, { ...options, dirs: dirs !== "false", signal }),
    ),

  symbols: procedure
    .meta({
      scope: "read",
      errors: ["ServiceUnavailableError"],
      openapi: {
        method: "GET",
        path: "/find/symbol",
        operationId: "find.symbols",
        tags,
        summary: "Find symbols",
        description:
          "Functions, classes and the like whose names fit the query, as the language servers of the project know them; none where none is installed.",
      },
    })
    .input(z.object({ query: z.string() }))
    .output(z.array(WorkspaceSymbol))
    .query(async ({ ctx, input, signal }) => (await ctx.instance()).lsp.symbols(input.query, signal)),
});
