import { z } from "zod";
import { McpResource } from "../src/schema/service.ts";
import { procedure, router } from "./trpc.ts";

export const experimentalRouter = router({
  resources: procedure
    .meta({
      scope: "read",
      openapi: {
        method: "GET",
        path: "/experimental/resource",
        operationId: "experimental.resource.list",
        tags: ["experimental"],
        summary: "List the resources of the MCP servers",
        description: "Of those that are connected. A file part of a prompt may name one as its source.",
      },
    })
    .output(z.record(z.string(), McpResource))
    .query(async ({ ctx }) => (await ctx.instance()).mcp.resources()),
});
