import { findMessage, listMessages, type MessagePlace, withParts } from "../../db/queries/message.ts";
import type { EventLog } from "../event/log.ts";
import { AppError } from "../schema/error.ts";
import type { Message } from "../schema/message.ts";
import type { MessageWithParts } from "../schema/prompt.ts";
import { ourSession } from "./catalogue.ts";
import type { SessionOptions } from "./options.ts";
import type { SessionService } from "./session.ts";

/** What was said in a session. */
export function createMessages(options: SessionOptions): Pick<SessionService, "messages" | "message"> {
  const { log, database } = options;
  const { orm } = database;
  const current = (message: MessageWithParts) => withInFlight(log, message);
  return {
    async messages(id, { limit = 0, before } = {}) {
      await ourSession(options, id);
      if (limit === 0) return { items: (await listMessages(orm, id, { before: await place(options, id, before) })).map(current) };
      const items = await listMessages(orm, id, { limit: limit + 1, before: await place(options, id, before) });
      const page = items.slice(-limit).map(current);
      const first = page[0]?.info;
      return { items: page, cursor: items.length > limit && first ? encodeCursor(first) : undefined };
    },
    async message(id, messageID) {
      await ourSession(options, id);
      const info = await findMessage(orm, messageID);
      const [found] = info?.sessionID === id ? await withParts(orm, [info]) : [];
      if (found === undefined) throw new AppError("NotFoundError", `Message not found: ${messageID}`, { messageID });
      return current(found);
    },
  };
}

/** The newest states of parts this server is writing are ahead of their rows. */
export function withInFlight(log: EventLog, { info, parts }: MessageWithParts): MessageWithParts {
  return { info, parts: parts.map((part) => log.inFlight(part.id) ?? part) };
}

function encodeCursor({ id, time }: Message): string {
  return Buffer.from(JSON.stringify({ created: time.created, id } satisfies MessagePlace)).toString("base64url");
}

/** A cursor of ours, or the id of a message of the session. */
async function place({ database }: SessionOptions, sessionID: string, before: string | undefined): Promise<MessagePlace | undefined> {
  if (before === undefined) return undefined;
  const message = before.startsWith("msg") ? await findMessage(database.orm, before) : undefined;
  if (message?.sessionID === sessionID) return { created: message.time.created, id: message.id };
  const decoded = decodeCursor(before);
  if (decoded === undefined)
    throw new AppError("BadRequest", `before: "${before}" is not a cursor of an earlier page.`, { kind: "Query", field: "before" });
  return decoded;
}

function decodeCursor(text: string): MessagePlace | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(text, "base64url").toString("utf8"));
    if (typeof value !== "object" || value === null || !("created" in value) || !("id" in value)) return undefined;
    return typeof value.created === "number" && typeof value.id === "string" ? { created: value.created, id: value.id } : undefined;
  } catch {
    return undefined;
  }
}
