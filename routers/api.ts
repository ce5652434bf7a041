import { z } from "zod";
import { ChatAnswer, ChatFrame, ChatHistory, ChatInput, ChatSession } from "../src/schema/chat.ts";
import { addressed } from "../src/schema/id.ts";
import { apiListProcedures } from "./api-list.ts";
import { locatedRouter } from "./api-located.ts";
import { storedDirectory } from "./place.ts";
import { actorOf, procedure, router } from "./trpc.ts";
import { turnErrors } from "./turn-errors.ts";

const tags = ["chat"];
const Address = z.object({ sessionId: addressed.session });

/** The chat API of document 002. */
export const apiRouter = router({
  chat: procedure
    .meta({
      scope: "prompt",
      errors: turnErrors,
      audit: "service",
      openapi: {
        method: "POST",
        path: "/api/chat",
        operationId: "api.chat",
        tags,
        summary: "Send a message and wait for the answer",
        description:
          "Begins a session unless `sessionId` names one. A turn that failed answers 200 too, with `error`. Hanging up does not end the turn.",
      },
      rest: { long: true },
    })
    .input(ChatInput)
    .output(ChatAnswer)
    .mutation(({ ctx, input, signal }) => ctx.app.sessions.chat(ctx.directory, { ...input, actor: actorOf(ctx) }, signal)),

  /** As `chat`, told as it happens; `POST /api/chat/stream` gives the same frames as server-sent events. */
  stream: procedure
    .meta({ scope: "prompt", stream: { item: ChatFrame } })
    .input(ChatInput)
    .subscription(({ ctx, input, signal }) => ctx.app.sessions.chatStream(ctx.directory, { ...input, actor: actorOf(ctx) }, signal)),

  sessions: procedure
    .meta({
      scope: "read",
      openapi: {
        method: "GET",
        path: "/api/sessions",
        operationId: "api.sessions",
        tags,
        summary: "List the active sessions",
        description:
          "Those of the directory that are not archived and no children of others, latest change first, with what they are doing.",
      },
    })
    .output(z.array(ChatSession))
    .query(async ({ ctx }) => ctx.app.sessions.active(await storedDirectory(ctx))),

  session: procedure
    .meta({
      scope: "read",
      openapi: {
        method: "GET",
        path: "/api/sessions/{sessionId}",
        operationId: "api.session",
        tags,
        summary: "Get a session and its messages",
      },
    })
    .input(Address)
    .output(ChatHistory)
    .query(({ ctx, input }) => ctx.app.sessions.history(input.sessionId)),

  deleteSession: procedure
    .meta({
      scope: "prompt",
      errors: ["ConflictError"],
      openapi: {
        method: "DELETE",
        path: "/api/sessions/{sessionId}",
        operationId: "api.session.delete",
        tags,
        summary: "Delete a session",
        description: "Ends what runs in it and erases it, its children and all their data.",
      },
    })
    .input(Address)
    .output(z.boolean())
    .mutation(async ({ ctx, input }) => {
      await ctx.app.sessions.remove(input.sessionId);
      return true;
    }),

  ...apiListProcedures,
  located: locatedRouter,
});
