import { listSessions } from "../../db/queries/session.ts";
import type { LogEntry } from "../event/log.ts";
import { AppError } from "../schema/error.ts";
import type { MessageError } from "../schema/message.ts";
import type { MessageWithParts, PromptInput } from "../schema/prompt.ts";
import type { Session } from "../schema/session.ts";
import { acceptPrompt } from "./accept.ts";
import { knownSession, ourSession } from "./catalogue.ts";
import type { Leases } from "./lease.ts";
import { withInFlight } from "./messages.ts";
import type { SessionOptions } from "./options.ts";
import { answerTo, isOver, mayEnd } from "./over.ts";
import type { Runner } from "./runner.ts";
import type { Sent, SessionService } from "./session.ts";
import { acceptCompaction } from "./summarize.ts";
import { createWaiting } from "./waiting.ts";

type Prompts = Pick<SessionService, "prompt" | "promptAsync" | "summarize" | "abort" | "queue" | "cancel">;

interface PromptsOptions {
  leases: Leases;
  runner: Runner;
  /** Aborts when no turn runs here any more; its reason is for those who wait for one. */
  turnsEnded: AbortSignal;
}

/** What is said in a session: prompts, their answers, and stopping them. */
export function createPrompts(options: SessionOptions, { leases, runner, turnsEnded }: PromptsOptions): Prompts {
  const {
    log,
    database: { orm },
  } = options;

  async function accept(id: string, input: Sent<PromptInput>): Promise<string> {
    const session = await knownSession(orm, id);
    const messageID = await acceptPrompt(options, session, input);
    if (input.noReply) return messageID;
    runner.kick(id);
    if ((input.queue ?? options.queue) === "interrupt") await runner.interrupt(id);
    return messageID;
  }

  /** Accepts a prompt and waits for its end. The log is followed from before it is accepted, so that no end is missed. */
  async function answered(id: string, take: () => Promise<string>, signal?: AbortSignal): Promise<MessageWithParts> {
    const ends = new AbortController();
    const waiting = AbortSignal.any([turnsEnded, ends.signal, ...(signal ? [signal] : [])]);
    const entries = log.readOn({ sessionID: id, signal: waiting });
    try {
      const messageID = await take();
      await untilEnded(options, { sessionID: id, messageID }, entries);
      signal?.throwIfAborted();
      if (turnsEnded.aborted && !(await isOver(options, { sessionID: id, messageID }))) throw turnsEnded.reason;
      return withInFlight(log, await answerTo(options, messageID));
    } finally {
      ends.abort();
    }
  }

  /** Whoever holds the lease has to stop: ourselves now, another server when it sees the request. */
  async function stopHere(id: string): Promise<void> {
    if (!(await runner.stop(id))) await leases.requestAbort(id);
  }

  async function stop(session: Session): Promise<void> {
    const children = await listSessions(orm, { parentID: session.id });
    // At once: a parent that goes on when its task is over would ask its model once more.
    await Promise.all([stopHere(session.id), ...children.map(stop)]);
  }

  return {
    ...createWaiting(options),
    async promptAsync(id, input) {
      await accept(id, input);
    },
    prompt: (id, input, signal) => answered(id, () => accept(id, input), signal),
    async summarize(id, model, signal) {
      const { info } = await answered(
        id,
        async () => {
          const messageID = await acceptCompaction(options, await knownSession(orm, id), model);
          runner.kick(id);
          return messageID;
        },
        signal,
      );
      // Of one that was stopped before its model was asked there is only the wish.
      if (info.role !== "assistant" || info.error?.name === "MessageAbortedError") return false;
      if (info.error) throw failedSummary(info.error);
      return true;
    },
    async abort(id) {
      await stop(await ourSession(options, id));
      return true;
    },
  };
}

function failedSummary(error: MessageError): AppError {
  const message = "message" in error.data ? String(error.data.message) : error.name;
  // A cap that is reached is the caller's to raise; no model was asked.
  const isCapped = error.name === "APIError" && error.data.metadata?.budget !== undefined;
  return new AppError(isCapped ? "ConflictError" : "ServiceUnavailableError", `The model wrote no summary: ${message}`, { error });
}

/** Resolves when the prompt is over, on whichever server it runs. */
async function untilEnded(
  options: SessionOptions,
  prompt: { sessionID: string; messageID: string },
  entries: AsyncIterable<LogEntry>,
): Promise<void> {
  if (await isOver(options, prompt)) return;
  for await (const { event } of entries) {
    if (mayEnd(event) && (await isOver(options, prompt))) return;
  }
}
