import { z } from "zod";
import { addressed } from "../src/schema/id.ts";
import { ToolAnswer, ToolList } from "../src/schema/service.ts";
import { actorOf, procedure, router } from "./trpc.ts";

const tags = ["tool"];

/** The agent's tools, for whoever wants to use one without a model (document 000). */
export const toolRouter = router({
  list: procedure
    .meta({
      scope: "read",
      errors: ["AgentNotFoundError"],
      openapi: {
        method: "GET",
        path: "/tool",
        operationId: "tool.offered",
        tags,
        summary: "List the tools",
        description: "Those that the default agent has, the tools of MCP servers too, with the JSON Schema of their input.",
      },
    })
    .output(ToolList)
    .query(async ({ ctx }) => ctx.app.sessions.tools((await ctx.instance()).directory)),

  run: procedure
    .meta({
      scope: "prompt",
      audit: "service",
      errors: ["PermissionRejectedError", "QuestionRejectedError", "AgentNotFoundError", "ConflictError", "ServiceUnavailableError"],
      openapi: {
        method: "POST",
        path: "/tool/{name}",
        operationId: "tool.run",
        tags,
        summary: "Run a tool",
        description:
          "The body is the tool's input. It runs under the permissions of the agent: what they ask is listed at `/permission` and answered as " +
          "always, what they deny is a 403. With `sessionID` it runs in that session and its directory (409 when it is busy), as its agent; else in a " +
          "session of the directory that is kept for such calls (titled `Tool calls`; another one when it is in use). The call stays there as a message, its changes of files can " +
          "be undone. Hanging up ends the call and its processes.",
      },
      rest: { long: true, payload: "input" },
    })
    .input(z.object({ name: z.string(), sessionID: addressed.session.optional(), input: z.record(z.string(), z.unknown()) }))
    .output(ToolAnswer)
    .mutation(async ({ ctx, input: { name, sessionID, input }, signal }) =>
      ctx.app.sessions.callTool({ directory: (await ctx.instance()).directory, sessionID }, { name, input, actor: actorOf(ctx) }, signal),
    ),
});
