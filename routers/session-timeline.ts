import { z } from "zod";
import { addressed } from "../src/schema/id.ts";
import { Timeline } from "../src/schema/timeline.ts";
import { procedure } from "./trpc.ts";

const Query = z.object({
  sessionID: addressed.session,
  messageID: addressed.message.optional().describe("Of a prompt: its turn alone."),
  limit: z.int().min(1).max(200).optional().describe("Turns; 20 unless told."),
  before: addressed.message.optional().describe("The turns before that of this prompt."),
});

export const timelineProcedures = {
  timeline: procedure
    .meta({
      scope: "read",
      openapi: {
        method: "GET",
        path: "/session/{sessionID}/timeline",
        operationId: "session.timeline",
        tags: ["session"],
        summary: "When what happened in a session's turns",
        description:
          "For each prompt, of the newest ones: when it came, when its turn began and ended, and step by step when the first token came, when the model had " +
          "said all, what was tried again, each tool call, and how long people were waited for; with tokens and cost. A sub-agent's session has a timeline of its own.",
      },
    })
    .input(Query)
    .output(Timeline)
    .query(({ ctx, input: { sessionID, limit = 20, ...query } }) => ctx.app.sessions.timeline(sessionID, { ...query, limit })),
};
