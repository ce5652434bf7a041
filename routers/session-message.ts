import { z } from "zod";
import { addressed } from "../src/schema/id.ts";
import { RecordedReply } from "../src/schema/permission.ts";
import { MessageWithParts, PromptInput } from "../src/schema/prompt.ts";
import { actorOf, procedure, type ResponseHeaders } from "./trpc.ts";
import { turnErrors } from "./turn-errors.ts";

const tags = ["session"];
const Address = z.object({ sessionID: addressed.session });
const Prompt = Address.extend(PromptInput.shape);

/** What goes on in a session: prompts, the messages they leave, ending a turn, answering what it asks. */
export const messageProcedures = {
  prompt: procedure
    .meta({
      scope: "prompt",
      errors: turnErrors,
      audit: "service",
      repeatable: "messageID",
      openapi: {
        method: "POST",
        path: "/session/{sessionID}/message",
        operationId: "session.prompt",
        tags,
        summary: "Send a prompt and wait",
        description:
          "Answers with the last message of the turn, or with the stored prompt for `noReply`. A turn that failed or was aborted answers 200 too, " +
          "with `info.error`. Hanging up does not end the turn. The same `messageID` sent twice has one effect. `{ content }` is short for one text part. " +
          "`queue` says what becomes of a prompt that meets a busy session: `join` (the running turn takes it up at its next step, and both calls answer with " +
          "the same last message), `queue` (a turn of its own afterwards), `interrupt` (the running turn is aborted) or `reject` (409). None overtakes an earlier one.",
      },
      rest: { long: true, body: contentAsParts },
    })
    .input(Prompt)
    .output(MessageWithParts)
    .mutation(({ ctx, input: { sessionID, ...prompt }, signal }) =>
      ctx.app.sessions.prompt(sessionID, { ...prompt, actor: actorOf(ctx) }, signal),
    ),

  promptAsync: procedure
    .meta({
      scope: "prompt",
      errors: turnErrors,
      audit: "service",
      repeatable: "messageID",
      openapi: {
        method: "POST",
        path: "/session/{sessionID}/prompt_async",
        operationId: "session.prompt_async",
        tags,
        summary: "Send a prompt and go on",
        description: "Answers 204 once the prompt is stored: it will run, after those sent before it. The event streams tell how it goes.",
      },
      rest: { status: 204, body: contentAsParts },
    })
    .input(Prompt)
    .output(z.void())
    .mutation(({ ctx, input: { sessionID, ...prompt } }) => ctx.app.sessions.promptAsync(sessionID, { ...prompt, actor: actorOf(ctx) })),

  summarize: procedure
    .meta({
      scope: "prompt",
      errors: turnErrors,
      openapi: {
        method: "POST",
        path: "/session/{sessionID}/summarize",
        operationId: "session.summarize",
        tags,
        summary: "Compact a session",
        description:
          "The model writes a handover, and from then on sees it in place of the conversation. The messages stay. Answers true when it is written, false " +
          "when it was aborted before that; waits its turn in a busy session.",
      },
      rest: { long: true },
    })
    .input(Address.extend({ providerID: z.string(), modelID: z.string(), auto: z.boolean().optional() }))
    .output(z.boolean())
    .mutation(({ ctx, input: { sessionID, providerID, modelID }, signal }) =>
      ctx.app.sessions.summarize(sessionID, { providerID, modelID }, signal),
    ),

  messages: procedure
    .meta({
      scope: "read",
      openapi: {
        method: "GET",
        path: "/session/{sessionID}/message",
        operationId: "session.messages",
        tags,
        summary: "List the messages of a session",
        description:
          "Oldest first, with their parts. `limit` takes the newest so many (0: all). If there are earlier ones, the headers `x-next-cursor` " +
          'and `link` (rel="next") say how to get them with `before`.',
        responseHeaders: z.object({ "x-next-cursor": z.string().optional(), link: z.string().optional() }),
      },
    })
    .input(Address.extend({ limit: z.int().min(0).optional(), before: z.string().optional() }))
    .output(z.array(MessageWithParts))
    .query(async ({ ctx, input: { sessionID, ...page } }) => {
      const { items, cursor } = await ctx.app.sessions.messages(sessionID, page);
      if (cursor !== undefined) setNextPage(ctx.responseHeaders, { limit: page.limit, before: cursor });
      return items;
    }),

  message: procedure
    .meta({
      scope: "read",
      openapi: {
        method: "GET",
        path: "/session/{sessionID}/message/{messageID}",
        operationId: "session.message",
        tags,
        summary: "Get a message with its parts",
      },
    })
    .input(Address.extend({ messageID: addressed.message }))
    .output(MessageWithParts)
    .query(({ ctx, input }) => ctx.app.sessions.message(input.sessionID, input.messageID)),

  abort: procedure
    .meta({
      scope: "prompt",
      openapi: {
        method: "POST",
        path: "/session/{sessionID}/abort",
        operationId: "session.abort",
        tags,
        summary: "End what runs in a session",
        description:
          "Ends the running turn, those of child sessions, and the prompts that wait behind it. True whether or not anything ran.",
      },
    })
    .input(Address)
    .output(z.boolean())
    .mutation(({ ctx, input }) => ctx.app.sessions.abort(input.sessionID)),

  respond: procedure
    .meta({
      scope: "prompt",
      errors: ["PermissionNotFoundError"],
      person: true,
      audit: "service",
      openapi: {
        method: "POST",
        path: "/session/{sessionID}/permissions/{permissionID}",
        operationId: "permission.respond",
        tags,
        summary: "Answer a permission request of a session",
        description: "As `POST /permission/{requestID}/reply`. `once` with `remember: true` means `always`.",
      },
    })
    .input(
      Address.extend({
        permissionID: addressed.permission,
        response: RecordedReply,
        remember: z.boolean().optional(),
      }),
    )
    .output(z.boolean())
    .mutation(async ({ ctx, input: { sessionID, permissionID, response, remember } }) => {
      const reply = response === "once" && remember ? "always" : response;
      await ctx.app.permissions.reply(permissionID, { reply, sessionID, actor: actorOf(ctx) });
      return true;
    }),
};

/** `{ content: "text" }`, the short form of a prompt, as its parts. */
function contentAsParts(body: unknown): unknown {
  if (typeof body !== "object" || body === null || "parts" in body || !("content" in body)) return body;
  const { content, ...rest } = body;
  return { ...rest, parts: [{ type: "text", text: content }] };
}

/** The link is relative to the address of the request, whatever stands in front of this server. */
function setNextPage(headers: ResponseHeaders, { limit, before }: { limit: number | undefined; before: string }): void {
  const query = new URLSearchParams({ ...(limit !== undefined && { limit: String(limit) }), before });
  headers.set("x-next-cursor", before);
  headers.set("link", `<?${query}>; rel="next"`);
}
