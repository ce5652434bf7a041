import { z } from "zod";
import { addressed } from "../src/schema/id.ts";
import { QueuedPrompt } from "../src/schema/prompt.ts";
import { procedure } from "./trpc.ts";

const tags = ["session"];
const Address = z.object({ sessionID: addressed.session });

/** What waits in a busy session. */
export const queueProcedures = {
  queue: procedure
    .meta({
      scope: "read",
      openapi: {
        method: "GET",
        path: "/session/{sessionID}/queue",
        operationId: "session.queue",
        tags,
        summary: "List the prompts that wait",
        description:
          "The prompts that came while the session was busy and that no turn has taken yet, in the order in which they will run, each with what is to " +
          "become of it. An `interrupt` that has ended the running turn is listed as `join`.",
      },
    })
    .input(Address)
    .output(z.array(QueuedPrompt))
    .query(({ ctx, input }) => ctx.app.sessions.queue(input.sessionID)),

  cancelQueued: procedure
    .meta({
      scope: "prompt",
      errors: ["ConflictError"],
      openapi: {
        method: "DELETE",
        path: "/session/{sessionID}/queue/{messageID}",
        operationId: "session.cancelQueued",
        tags,
        summary: "Take back a prompt that waits",
        description: "Removes the prompt and its message. 409 when a turn has taken it: aborting the session is what ends it then.",
      },
    })
    .input(Address.extend({ messageID: addressed.message }))
    .output(z.boolean())
    .mutation(async ({ ctx, input }) => {
      await ctx.app.sessions.cancel(input.sessionID, input.messageID);
      return true;
    }),
};
