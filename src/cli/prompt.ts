import { createId } from "../schema/id.ts";
import type { MessageError } from "../schema/message.ts";
import type { PermissionReply } from "../schema/permission.ts";
import type { PromptInput } from "../schema/prompt.ts";
import type { Session } from "../schema/session.ts";
import { type AskPolicy, createAsker } from "./ask.ts";
import type { Client } from "./client.ts";
import { createEnding, type Ending } from "./ending.ts";
import type { Host } from "./env.ts";
import { followEvents } from "./events.ts";
import type { Stop } from "./stop.ts";
import { followTurn, type Printer } from "./turn.ts";

export interface PromptOptions {
  client: Client;
  session: Session;
  prompt: PromptInput;
  policy: AskPolicy;
  printer: Printer;
  stop: Stop;
  host: Host;
}

export interface TurnResult {
  error?: MessageError;
  /** A permission question of the turn was answered with no. */
  rejected: boolean;
  /** Whether there was an answer at all. */
  answered: boolean;
}

/** How long a turn that was aborted gets to close its parts, in ms. */
const grace = 3_000;

/**
 * Listens first, then sends the prompt, and follows until its turn is over. When the run is stopped it aborts the turn, prints what still
 * comes, and throws the stop's reason.
 */
export async function runTurn(options: PromptOptions): Promise<TurnResult> {
  const { client, session, prompt, stop, printer } = options;
  const messageID = createId("message");
  const turn = followTurn({ sessionID: session.id, messageID, printer });
  const ending = createEnding(() => isIdle(client, session));
  const asker = createAsker({ ...options, ...answering(client, ending), owns: turn.owns });
  const events = followEvents(client, {
    fail: ending.fail,
    accept(event) {
      asker.accept(event);
      ending.hear(turn.accept(event));
    },
  });
  await using _following = await stop.guard(events);
  try {
    await stop.guard(client.api.session.promptAsync.mutate({ sessionID: session.id, messageID, ...prompt }));
    ending.accepted();
    await stop.guard(ending.over);
  } catch (error) {
    if (stop.signal.aborted) await abort(client, session.id, ending.over);
    turn.finish();
    throw error;
  }
  return turn.finish();
}

/** The server lists what is busy by directory, and the session may be of another one than the command. */
async function isIdle({ api }: Client, { id, directory }: Session): Promise<boolean> {
  return !(id in (await api.session.status.query(undefined, { context: { directory } })));
}

function answering({ api }: Client, { fail }: Ending) {
  return {
    failed: fail,
    reply: async (requestID: string, reply: PermissionReply) => {
      await api.permission.reply.mutate({ requestID, reply });
    },
    answer: async (requestID: string, answers: string[][]) => {
      await api.question.reply.mutate({ requestID, answers });
    },
  };
}

/** The run fails already, with the reason it was stopped for: that its abort could not be delivered does not change that. */
async function abort({ api }: Client, sessionID: string, over: Promise<void>): Promise<void> {
  const { promise: late, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, grace);
  const closed = api.session.abort.mutate({ sessionID }).then(() => over);
  await Promise.race([closed.catch(() => undefined), late]);
  clearTimeout(timer);
}
