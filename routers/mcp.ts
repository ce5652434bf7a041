import { z } from "zod";
import { McpLocalConfig, McpRemoteConfig } from "../src/schema/config.ts";
import { MCPStatus } from "../src/schema/service.ts";
import { procedure, router } from "./trpc.ts";

const tags = ["mcp"];
const Name = z.object({ name: z.string() });
const Statuses = z.record(z.string(), MCPStatus);

const authRouter = router({
  list: procedure
    .meta({
      scope: "read",
      openapi: {
        method: "GET",
        path: "/mcp/auth",
        operationId: "mcp.auth.list",
        tags,
        summary: "List the MCP servers that a login is stored of",
        description:
          "Their names: what DELETE /mcp/{name}/auth would forget. Whether a login still counts, GET /mcp says. Connects nothing.",
      },
    })
    .output(z.array(z.string()))
    .query(async ({ ctx }) => (await ctx.instance()).mcp.auth.list()),

  start: procedure
    .meta({
      scope: "admin",
      errors: ["McpServerNotFoundError", "McpUnsupportedOAuthError", "ConflictError", "ServiceUnavailableError"],
      openapi: {
        method: "POST",
        path: "/mcp/{name}/auth",
        operationId: "mcp.auth.start",
        tags,
        summary: "Begin a login at an MCP server",
        description:
          "Answers with the address at which a person logs in. The browser is sent back to the server's own machine, which then connects; where it cannot come back there, " +
          "give the code to `/mcp/{name}/auth/callback`. A login under way is given up.",
      },
    })
    .input(Name)
    .output(z.object({ authorizationUrl: z.string(), oauthState: z.string() }))
    .mutation(async ({ ctx, input }) => (await ctx.instance()).mcp.auth.start(input.name)),

  callback: procedure
    .meta({
      scope: "admin",
      errors: ["McpServerNotFoundError", "McpUnsupportedOAuthError", "ServiceUnavailableError"],
      openapi: {
        method: "POST",
        path: "/mcp/{name}/auth/callback",
        operationId: "mcp.auth.callback",
        tags,
        summary: "Finish a login at an MCP server with its code",
        description: "`code`: what the authorization server sent back, or the whole address that the browser was sent to.",
      },
    })
    .input(Name.extend({ code: z.string() }))
    .output(MCPStatus)
    .mutation(async ({ ctx, input }) => (await ctx.instance()).mcp.auth.callback(input.name, input.code)),

  authenticate: procedure
    .meta({
      scope: "admin",
      errors: ["McpServerNotFoundError", "McpUnsupportedOAuthError", "ConflictError", "ServiceUnavailableError"],
      openapi: {
        method: "POST",
        path: "/mcp/{name}/auth/authenticate",
        operationId: "mcp.auth.authenticate",
        tags,
        summary: "Wait for a login at an MCP server",
        description:
          "Waits for the login under way, or begins one and tells its address in an `mcp.browser.open.failed` event, as no browser is opened here. Answers when the person has logged in, or fails after five minutes; at once where the server is connected and no login is under way.",
      },
      rest: { long: true, endless: true },
    })
    .input(Name)
    .output(MCPStatus)
    .mutation(async ({ ctx, input, signal }) => (await ctx.instance()).mcp.auth.authenticate(input.name, signal)),

  remove: procedure
    .meta({
      scope: "admin",
      errors: ["McpServerNotFoundError", "McpUnsupportedOAuthError"],
      openapi: {
        method: "DELETE",
        path: "/mcp/{name}/auth",
        operationId: "mcp.auth.remove",
        tags,
        summary: "Forget the login at an MCP server",
        description: "Removes its tokens and the client that was registered for them, and connects without.",
      },
    })
    .input(Name)
    .output(z.object({ success: z.literal(true) }))
    .mutation(async ({ ctx, input }) => {
      await (await ctx.instance()).mcp.auth.remove(input.name);
      return { success: true as const };
    }),
});

export const mcpRouter = router({
  auth: authRouter,

  status: procedure
    .meta({
      scope: "read",
      openapi: {
        method: "GET",
        path: "/mcp",
        operationId: "mcp.status",
        tags,
        summary: "List the MCP servers with their status",
        description: "Starts those that are enabled, if nothing has yet, and waits up to three seconds for them.",
      },
    })
    .output(Statuses)
    .query(async ({ ctx }) => (await ctx.instance()).mcp.status()),

  add: procedure
    .meta({
      scope: "admin",
      openapi: {
        method: "POST",
        path: "/mcp",
        operationId: "mcp.add",
        tags,
        summary: "Add an MCP server",
        description:
          "Until the server stops; one of the same name is replaced. Nothing is written to the configuration. Answers with the status of all.",
      },
    })
    .input(z.object({ name: z.string().min(1), config: z.union([McpLocalConfig, McpRemoteConfig]) }))
    .output(Statuses)
    .mutation(async ({ ctx, input }) => {
      const { mcp } = await ctx.instance();
      await mcp.add(input.name, input.config);
      return mcp.status();
    }),

  connect: procedure
    .meta({
      scope: "admin",
      errors: ["McpServerNotFoundError"],
      openapi: {
        method: "POST",
        path: "/mcp/{name}/connect",
        operationId: "mcp.connect",
        tags,
        summary: "Connect an MCP server",
        description: "Also one that is disabled. Whether it is connected then; if not, its status says why.",
      },
    })
    .input(Name)
    .output(z.boolean())
    .mutation(async ({ ctx, input }) => (await ctx.instance()).mcp.connect(input.name)),

  disconnect: procedure
    .meta({
      scope: "admin",
      errors: ["McpServerNotFoundError"],
      openapi: {
        method: "POST",
        path: "/mcp/{name}/disconnect",
        operationId: "mcp.disconnect",
        tags,
        summary: "Disconnect an MCP server",
        description: "Ends its process, if it has one, with everything that started. It counts as disabled until it is connected again.",
      },
    })
    .input(Name)
    .output(z.boolean())
    .mutation(async ({ ctx, input }) => {
      await (await ctx.instance()).mcp.disconnect(input.name);
      return true;
    }),
});
