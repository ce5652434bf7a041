import { z } from "zod";
import { addressed } from "../src/schema/id.ts";
import { PermissionReply, PermissionRequest } from "../src/schema/permission.ts";
import { actorOf, procedure, router } from "./trpc.ts";

const tags = ["permission"];

export const permissionRouter = router({
  list: procedure
    .meta({
      scope: "read",
      openapi: {
        method: "GET",
        path: "/permission",
        operationId: "permission.list",
        tags,
        summary: "List what waits for an answer",
        description: "The permission requests of the directory that nobody has answered yet, oldest first.",
      },
    })
    .output(z.array(PermissionRequest))
    .query(async ({ ctx }) => ctx.app.permissions.list((await ctx.instance()).directory)),

  reply: procedure
    .meta({
      scope: "prompt",
      errors: ["PermissionNotFoundError"],
      person: true,
      audit: "service",
      openapi: {
        method: "POST",
        path: "/permission/{requestID}/reply",
        operationId: "permission.reply",
        tags,
        summary: "Answer a permission request",
        description:
          "`once` allows this call; `session` also what the request's `always` patterns cover, in this session from now on, and `always` in this project; both settle what waits for that. " +
          "`reject` refuses everything that waits in the session and ends the turn, unless a `message` tells the model how to go on. A request is answered once.",
      },
    })
    .input(
      z.object({
        requestID: addressed.permission,
        reply: PermissionReply,
        message: z.string().optional(),
      }),
    )
    .output(z.boolean())
    .mutation(async ({ ctx, input: { requestID, ...answer } }) => {
      await ctx.app.permissions.reply(requestID, { ...answer, actor: actorOf(ctx) });
      return true;
    }),
});
