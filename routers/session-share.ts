import { z } from "zod";
import { addressed, MessageID } from "../src/schema/id.ts";
import { Session } from "../src/schema/session.ts";
import { SessionExport } from "../src/schema/share.ts";
import { procedure } from "./trpc.ts";

const tags = ["session"];
const Address = z.object({ sessionID: addressed.session });

/** Handing a conversation on: as a copy to go on with, as a link to read. */
export const shareProcedures = {
  fork: procedure
    .meta({
      scope: "prompt",
      errors: ["ConflictError"],
      openapi: {
        method: "POST",
        path: "/session/{sessionID}/fork",
        operationId: "session.fork",
        tags,
        summary: "Copy a session",
        description:
          "A new session with what was said and done in this one: before the message, if one is named. Not copied: what was undone, what a running turn has " +
          "not finished, the share link, and the changes of files, which stay this session's to undo. Full tool outputs are copied too.",
      },
    })
    .input(Address.extend({ messageID: MessageID.optional() }))
    .output(Session)
    .mutation(({ ctx, input }) => ctx.app.sessions.fork(input.sessionID, input.messageID)),

  import: procedure
    .meta({
      scope: "prompt",
      openapi: {
        method: "POST",
        path: "/session/import",
        operationId: "session.import",
        tags,
        summary: "Make a session of an export",
        description:
          "Takes `{ info, messages }` as `GET /session/{id}` and `GET /session/{id}/message` give them, here and at OpenCode, and makes a session of the directory " +
          "of the request, with ids of its own. Permission rules, the share link, undo and what never ended are not taken over.",
      },
    })
    .input(SessionExport)
    .output(Session)
    .mutation(({ ctx, input }) => ctx.app.sessions.import(ctx.directory, input)),

  share: procedure
    .meta({
      scope: "prompt",
      errors: ["ConflictError"],
      openapi: {
        method: "POST",
        path: "/session/{sessionID}/share",
        operationId: "session.share",
        tags,
        summary: "Share a session",
        description:
          "Gives the session a page of this server under a link that cannot be guessed, in `share.url`: whoever has it and reaches this server may read the " +
          'session, without a password. Nothing is sent anywhere. Again: the same link. 403 where the configuration says `share: "disabled"`.',
      },
    })
    .input(Address)
    .output(Session)
    .mutation(({ ctx, input }) => ctx.app.sessions.share(input.sessionID, ctx.address)),

  unshare: procedure
    .meta({
      scope: "prompt",
      errors: ["ConflictError"],
      openapi: {
        method: "DELETE",
        path: "/session/{sessionID}/share",
        operationId: "session.unshare",
        tags,
        summary: "Stop sharing a session",
        description: "The link ends for good; sharing again makes another.",
      },
    })
    .input(Address)
    .output(Session)
    .mutation(({ ctx, input }) => ctx.app.sessions.unshare(input.sessionID)),
};
