import { z } from "zod";
import { Agent } from "../src/schema/agent.ts";
import { procedure, router } from "./trpc.ts";

export const agentRouter = router({
  list: procedure
    .meta({
      scope: "read",
      openapi: {
        method: "GET",
        path: "/agent",
        operationId: "app.agents",
        tags: ["agent"],
        summary: "List the agents",
        description: "Those built in and those the configuration adds or changes; the default one first, hidden ones last.",
      },
    })
    .output(z.array(Agent))
    .query(async ({ ctx }) => (await ctx.instance()).agents.list()),
});
