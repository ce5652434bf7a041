import { z } from "zod";
import { LSPStatus } from "../src/schema/service.ts";
import { procedure, router } from "./trpc.ts";

export const lspRouter = router({
  status: procedure
    .meta({
      scope: "read",
      openapi: {
        method: "GET",
        path: "/lsp",
        operationId: "lsp.status",
        tags: ["lsp"],
        summary: "List the language servers",
        description:
          "The language servers of the directory that run or have failed; one is started with the first file of its language. `root` is relative to the directory.",
      },
    })
    .output(z.array(LSPStatus))
    .query(async ({ ctx }) => (await ctx.instance()).lsp.status()),
});
