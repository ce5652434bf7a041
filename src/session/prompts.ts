import { findLease } from "../../db/queries/lease.ts";
import { findMessage, listAnswers, listMessages, type MessagePlace, withParts } from "../../db/queries/message.ts";
import { findPrompt, nextPrompt, startedPrompts } from "../../db/queries/prompt.ts";
import { listSessions } from "../../db/queries/session.ts";
import type { LogEntry } from "../event/log.ts";
import { AppError } from "../schema/error.ts";
import type { Message } from "../schema/message.ts";
import type { MessageWithParts, PromptInput } from "../schema/prompt.ts";
import type { Session } from "../schema/session.ts";
import { acceptPrompt } from "./accept.ts";
import { knownSession } from "./catalogue.ts";
import type { Leases } from "./lease.ts";
import type { SessionOptions } from "./options.ts";
import type { Runner } from "./runner.ts";
import type { SessionService } from "./session.ts";
import { createWaiting } from "./waiting.ts";

type Prompts = Pick<SessionService, "prompt" | "promptAsync" | "abort" | "messages" | "message" | "queue" | "cancel">;

/** What is said in a session: prompts, their answers, and stopping them. */
export function createPrompts(options: SessionOptions, { leases, runner }: { leases: Leases; runner: Runner }): Prompts {
  const {
    log,
    database: { orm },
  } = options;

  async function accept(id: string, input: PromptInput): Promise<string> {
    const session = await knownSession(orm, id);
    const messageID = await acceptPrompt(options, session, input);
    if (input.noReply) return messageID;
    runner.kick(id);
    if (input.queue === "interrupt") await runner.interrupt(id);
    return messageID;
  }

  async function stop(session: Session): Promise<void> {
    await Promise.all((await listSessions(orm, { parentID: session.id })).map(stop));
    // Whoever holds the lease has to stop: ourselves now, another server when it sees the request.
    if (!(await runner.stop(session.id))) await leases.requestAbort(session.id);
  }

  /** The newest states of parts this server is writing are ahead of their rows. */
  const current = ({ info, parts }: MessageWithParts): MessageWithParts => ({
    info,
    parts: parts.map((part) => log.inFlight(part.id) ?? part),
  });

  return {
    ...createWaiting(options),
    async promptAsync(id, input) {
      await accept(id, input);
    },
    async prompt(id, input, signal) {
      const ends = new AbortController();
      const waiting = signal ? AbortSignal.any([signal, ends.signal]) : ends.signal;
      const entries = log.read({ sessionID: id, signal: waiting });
      try {
        const messageID = await accept(id, input);
        await untilEnded(options, { sessionID: id, messageID }, entries);
        signal?.throwIfAborted();
        return current(await answerTo(options, messageID));
      } finally {
        ends.abort();
      }
    },
    async abort(id) {
      await stop(await knownSession(orm, id));
      return true;
    },
    async messages(id, { limit = 0, before } = {}) {
      await knownSession(orm, id);
      if (limit === 0) return { items: (await listMessages(orm, id, { before: await place(options, id, before) })).map(current) };
      const items = await listMessages(orm, id, { limit: limit + 1, before: await place(options, id, before) });
      const page = items.slice(-limit).map(current);
      const first = page[0]?.info;
      return { items: page, cursor: items.length > limit && first ? encodeCursor(first) : undefined };
    },
    async message(id, messageID) {
      await knownSession(orm, id);
      const info = await findMessage(orm, messageID);
      const [found] = info?.sessionID === id ? await withParts(orm, [info]) : [];
      if (found === undefined) throw new AppError("NotFoundError", `Message not found: ${messageID}`, { messageID });
      return current(found);
    },
  };
}

/** Resolves when the prompt has ended, on whichever server it runs, and the session is idle or at its next prompt: whoever asks for the status then is told the truth. */
async function untilEnded(
  options: SessionOptions,
  prompt: { sessionID: string; messageID: string },
  entries: AsyncIterable<LogEntry>,
): Promise<void> {
  if (await isOver(options, prompt)) return;
  for await (const { event } of entries) {
    const telling =
      event.type === "session.status" ||
      event.type === "session.deleted" ||
      event.type === "message.removed" ||
      (event.type === "message.updated" && event.properties.info.role === "assistant");
    if (telling && (await isOver(options, prompt))) return;
  }
}

async function isOver(
  { database: { orm } }: SessionOptions,
  { sessionID, messageID }: { sessionID: string; messageID: string },
): Promise<boolean> {
  const prompt = await findPrompt(orm, messageID);
  // Cancelled while it waited, or gone with its session.
  if (prompt === undefined) return true;
  if (prompt.status !== "ended") return false;
  if ((await findLease(orm, sessionID)) === undefined) return true;
  return (await nextPrompt(orm, sessionID)) !== undefined || (await startedPrompts(orm, sessionID)).length > 0;
}

/** The message that ended the prompt; of one that was interrupted the last that was said; the prompt itself where no model was to answer. */
async function answerTo({ database: { orm } }: SessionOptions, messageID: string): Promise<MessageWithParts> {
  const answerID = (await findPrompt(orm, messageID))?.answerID ?? (await listAnswers(orm, messageID)).at(-1)?.info.id ?? messageID;
  const info = await findMessage(orm, answerID);
  const [message] = info === undefined ? [] : await withParts(orm, [info]);
  if (message === undefined)
    throw new AppError("NotFoundError", "The prompt was cancelled while it waited, or its session deleted.", { messageID });
  return message;
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
