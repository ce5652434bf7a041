import { requireQueued } from "../../db/queries/guard.ts";
import { findMessages, withParts } from "../../db/queries/message.ts";
import { erasePrompt, findPrompt, waitingPrompts } from "../../db/queries/prompt.ts";
import { AppError } from "../schema/error.ts";
import type { QueuedPrompt } from "../schema/prompt.ts";
import { ourSession } from "./catalogue.ts";
import { isConflict } from "./ending.ts";
import type { SessionOptions } from "./options.ts";
import type { SessionService } from "./session.ts";
import { scopeOf } from "./workspace.ts";

/** What waits in a busy session. */
export function createWaiting(options: SessionOptions): Pick<SessionService, "queue" | "cancel"> {
  const {
    log,
    database: { orm },
  } = options;

  async function requireWaiting(sessionID: string, messageID: string): Promise<void> {
    const prompt = await findPrompt(orm, messageID);
    if (prompt?.sessionID !== sessionID) throw new AppError("NotFoundError", `No prompt ${messageID} waits in the session.`, { messageID });
    if (prompt.status !== "queued")
      throw new AppError("ConflictError", `The prompt ${messageID} was taken up already. To end its turn, abort the session.`, {
        resource: messageID,
      });
  }

  return {
    async queue(id) {
      await ourSession(options, id);
      const waiting = (await waitingPrompts(orm, id)).filter(({ status }) => status === "queued");
      const infos = await findMessages(
        orm,
        waiting.map(({ messageID }) => messageID),
      );
      const messages = new Map((await withParts(orm, infos)).map((message) => [message.info.id, message]));
      return waiting.flatMap(({ messageID, policy }): QueuedPrompt[] => {
        const { info, parts = [] } = messages.get(messageID) ?? {};
        return info?.role === "user" ? [{ info, parts, queue: policy }] : [];
      });
    },
    async cancel(id, messageID) {
      const session = await ourSession(options, id);
      await requireWaiting(id, messageID);
      try {
        await log.append([{ type: "message.removed", properties: { sessionID: id, messageID } }], {
          scope: scopeOf(session),
          guards: requireQueued(orm, messageID),
          writes: [erasePrompt(orm, messageID)],
        });
      } catch (error) {
        if (!isConflict(error)) throw error;
        await requireWaiting(id, messageID);
        throw error;
      }
    },
  };
}
