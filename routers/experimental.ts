import { z } from "zod";
import { McpResource, ToolIDs, ToolList } from "../src/schema/service.ts";
import { procedure, router } from "./trpc.ts";

export const experimentalRouter = router({
  toolIDs: procedure
    .meta({
      scope: "read",
      openapi: {
        method: "GET",
        path: "/experimental/tool/ids",
        operationId: "tool.ids",
        tags: ["experimental"],
        summary: "List the names of the tools",
        description: "Those of the connected MCP servers too.",
      },
    })
    .output(ToolIDs)
    .query(async ({ ctx }) => ctx.app.sessions.toolIDs((await ctx.instance()).directory)),

  tools: procedure
    .meta({
      scope: "read",
      openapi: {
        method: "GET",
        path: "/experimental/tool",
        operationId: "tool.list",
        tags: ["experimental"],
        summary: "List the tools that a model is offered",
        description:
          "As the default agent has them, with the JSON Schema of their input. A model that is known to call no tools is offered none.",
      },
    })
    .input(z.object({ provider: z.string(), model: z.string() }))
    .output(ToolList)
    .query(async ({ ctx, input: { provider, model } }) =>
      ctx.app.sessions.tools((await ctx.instance()).directory, { providerID: provider, modelID: model }),
    ),

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
