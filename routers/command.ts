import { z } from "zod";
import { Command } from "../src/schema/agent.ts";
import { procedure, router } from "./trpc.ts";

export const commandRouter = router({
  list: procedure
    .meta({
      scope: "read",
      openapi: {
        method: "GET",
        path: "/command",
        operationId: "command.list",
        tags: ["command"],
        summary: "List the slash commands",
        description:
          "Built in, from the configuration and Markdown files, and the prompts of MCP servers. `hints` are the placeholders of the template.",
      },
    })
    .output(z.array(Command))
    .query(async ({ ctx }) => (await ctx.instance()).commands.list()),
});
