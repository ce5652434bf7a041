import { z } from "zod";
import { FileUndo } from "../src/schema/file-undo.ts";
import { addressed, MessageID, PartID } from "../src/schema/id.ts";
import { Session, SnapshotFileDiff } from "../src/schema/session.ts";
import { procedure } from "./trpc.ts";

const tags = ["session"];
const Address = z.object({ sessionID: addressed.session });

/** What a session did to files, and taking it back. */
export const undoProcedures = {
  diff: procedure
    .meta({
      scope: "read",
      openapi: {
        method: "GET",
        path: "/session/{sessionID}/diff",
        operationId: "session.diff",
        tags,
        summary: "What a session changed",
        description:
          "File by file, what the session and its child sessions changed in all and did not undo. With the `messageID` of a prompt: what its turn " +
          "changed; of an answer: what that step did. `file` asks for one alone, by its name here; `context` for so many unchanged lines around each change " +
          "(with as many as the file has, the patch holds the file before and after).",
      },
    })
    .input(
      Address.extend({
        messageID: addressed.message.optional(),
        file: z.string().optional(),
        context: z.int().min(0).max(1_000_000).optional(),
      }),
    )
    .output(z.array(SnapshotFileDiff))
    .query(({ ctx, input: { sessionID, ...query } }) => ctx.app.sessions.diff(sessionID, query)),

  undoFiles: procedure
    .meta({
      scope: "prompt",
      errors: ["SessionBusyError", "ConflictError"],
      openapi: {
        method: "POST",
        path: "/session/{sessionID}/undo",
        operationId: "session.undoFiles",
        tags,
        summary: "Undo what a session did to single files",
        description:
          "Of the `files` (by the names of diffs; all that it changed, unless told), from the message on if one is given. The conversation stays. A file is " +
          "restored only where it still holds what the session left; any other is left alone and told as a `conflict`. `redo` takes that back. 409 while the session is " +
          "busy, or undone from a message on.",
      },
    })
    .input(
      Address.extend({
        files: z.array(z.string()).min(1).max(10_000).optional(),
        messageID: MessageID.optional(),
        redo: z.boolean().optional(),
      }),
    )
    .output(FileUndo)
    .mutation(({ ctx, input: { sessionID, ...query } }) => ctx.app.sessions.undoFiles(sessionID, query)),

  revert: procedure
    .meta({
      scope: "prompt",
      errors: ["SessionBusyError", "ConflictError"],
      openapi: {
        method: "POST",
        path: "/session/{sessionID}/revert",
        operationId: "session.revert",
        tags,
        summary: "Undo from a message on",
        description:
          "Undoes what the session changed from the message (or the part of it) on. A file is restored only where it still holds what the session " +
          "left; one that somebody else changed is left alone and named in `metadata.revert.conflicts`. `metadata.revert.inferred` names files that " +
          "commands changed: that was told from the files before and after them. The messages stay until the next prompt, which removes them. Again " +
          "with another message, it goes on from there, further back or forward. 409 while the session is busy.",
      },
    })
    .input(Address.extend({ messageID: MessageID, partID: PartID.optional() }))
    .output(Session)
    .mutation(({ ctx, input: { sessionID, ...point } }) => ctx.app.sessions.revert(sessionID, point)),

  unrevert: procedure
    .meta({
      scope: "prompt",
      errors: ["SessionBusyError", "ConflictError"],
      openapi: {
        method: "POST",
        path: "/session/{sessionID}/unrevert",
        operationId: "session.unrevert",
        tags,
        summary: "Redo what was undone",
        description:
          "Brings back what the last undo took away, with the same care: a file that somebody changed since is left alone and named in " +
          "`metadata.revert.conflicts`. Without an undo it changes nothing.",
      },
    })
    .input(Address)
    .output(Session)
    .mutation(({ ctx, input }) => ctx.app.sessions.unrevert(input.sessionID)),
};
