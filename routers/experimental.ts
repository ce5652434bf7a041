import { z } from "zod";
import { ConsoleState, ExperimentalCapabilities, Workspace, WorkspaceEventConnectionStatus } from "../src/schema/experimental.ts";
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
      errors: ["AgentNotFoundError"],
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

  capabilities: procedure
    .meta({
      scope: "read",
      openapi: {
        method: "GET",
        path: "/experimental/capabilities",
        operationId: "experimental.capabilities.get",
        tags: ["experimental"],
        summary: "What this server can do beyond the usual",
        description: "Sub-agents do not go on in the background: a task ends before its turn does.",
      },
    })
    .output(ExperimentalCapabilities)
    .query(() => ({ backgroundSubagents: false })),

  console: procedure
    .meta({
      scope: "read",
      openapi: {
        method: "GET",
        path: "/experimental/console",
        operationId: "experimental.console.get",
        tags: ["experimental"],
        summary: "The state of hosted accounts",
        description: "This server has none.",
      },
    })
    .output(ConsoleState)
    .query(() => ({ consoleManagedProviders: [], switchableOrgCount: 0 })),

  workspaces: procedure
    .meta({
      scope: "read",
      openapi: {
        method: "GET",
        path: "/experimental/workspace",
        operationId: "experimental.workspace.list",
        tags: ["experimental"],
        summary: "List the remote workspaces",
        description: "There are none: this server works in directories of its own machine.",
      },
    })
    .output(z.array(Workspace))
    .query(() => []),

  workspaceStatus: procedure
    .meta({
      scope: "read",
      openapi: {
        method: "GET",
        path: "/experimental/workspace/status",
        operationId: "experimental.workspace.status",
        tags: ["experimental"],
        summary: "The connections of the remote workspaces",
        description: "There are none: this server works in directories of its own machine.",
      },
    })
    .output(z.array(WorkspaceEventConnectionStatus))
    .query(() => []),
});
