import type { ModelMessage } from "ai";
import { findMessages, withParts } from "../../db/queries/message.ts";
import { claimPrompts, setPromptStatus, startedPrompts, waitingPrompts } from "../../db/queries/prompt.ts";
import type { AppendOptions } from "../event/log.ts";
import type { UserMessage } from "../schema/message.ts";
import type { Part } from "../schema/part.ts";
import type { Session } from "../schema/session.ts";
import { toModelMessages } from "./history.ts";
import type { SessionOptions } from "./options.ts";
import { scopeOf } from "./workspace.ts";

/** What a turn is made for: the newest prompt it answers, and all of them by id, oldest first. */
export interface TurnPrompts {
  question: UserMessage;
  prompts: string[];
}

/**
 * Takes the next turn off the queue: its first prompt and those right behind it that may be answered with it. They are claimed, so that
 * nobody cancels them any more; after a crash they are as good as queued. The caller holds the lease. Undefined: nothing waits.
 */
export async function claimTurn(options: SessionOptions, session: Session): Promise<TurnPrompts | undefined> {
  const { orm } = options.database;
  const waiting = await questionsOf(options, await waitingPrompts(orm, session.id));
  const [first, ...rest] = waiting;
  if (first === undefined) return undefined;
  const together = rest.findIndex(({ policy, question }) => policy === "queue" || !fits(first.question, question));
  const ids = [first, ...rest.slice(0, together < 0 ? rest.length : together)].map(({ question }) => question.info.id);
  await write(options, session, claimPrompts(orm, ids, "claimed"));
  const claimed = new Set((await waitingPrompts(orm, session.id)).filter(({ status }) => status === "claimed").map((row) => row.messageID));
  const taken = waiting.filter(({ question }) => claimed.has(question.info.id)).map(({ question }) => question.info);
  const newest = taken.at(-1);
  return newest === undefined ? claimTurn(options, session) : { question: newest, prompts: taken.map(({ id }) => id) };
}

/** What joins a turn while it runs. */
export interface Joins {
  /** The prompt whose answer is being written: the newest that the turn took up. */
  question(): UserMessage;
  /**
   * Takes up what came since, in one commit that marks it as started, and returns it for the model. `provider`: as the AI SDK names it.
   * Throws ConflictError when the lease is lost.
   */
  incoming(provider: string): Promise<ModelMessage[]>;
}

export function createJoins(options: SessionOptions, turn: { session: Session; question: UserMessage; signal: AbortSignal }): Joins {
  const { orm } = options.database;
  const { session, signal } = turn;
  let newest = turn.question;

  async function joinable(): Promise<string[]> {
    const waiting = await questionsOf(options, await waitingPrompts(orm, session.id));
    const others = waiting.findIndex(({ policy, question }) => policy !== "join" || !fits({ info: newest, parts: [] }, question));
    return waiting.slice(0, others < 0 ? waiting.length : others).map(({ question }) => question.info.id);
  }

  return {
    question: () => newest,
    async incoming(provider) {
      const ids = await joinable();
      // A turn that was interrupted takes nothing more: what interrupted it may be the very prompt.
      if (ids.length === 0 || signal.aborted) return [];
      await write(options, session, claimPrompts(orm, ids, "started"));
      const started = new Set(await startedPrompts(orm, session.id));
      const joined = await withParts(
        orm,
        await messagesInOrder(
          options,
          ids.filter((id) => started.has(id)),
        ),
      );
      const last = joined.at(-1)?.info;
      if (last?.role !== "user") return [];
      newest = last;
      return toModelMessages(joined, { current: last.id, queued: new Set(), provider });
    },
  };
}

type Question = { info: UserMessage; parts: Part[] };
type Waiting = Awaited<ReturnType<typeof waitingPrompts>>[number];

/** The waiting prompts with their messages. One whose message was deleted has nothing left to answer and is over. */
async function questionsOf(options: SessionOptions, waiting: Waiting[]): Promise<{ policy: Waiting["policy"]; question: Question }[]> {
  const messages = await withParts(
    options.database.orm,
    await messagesInOrder(
      options,
      waiting.map(({ messageID }) => messageID),
    ),
  );
  const known = new Map(messages.map((message) => [message.info.id, message]));
  const gone = waiting.filter(({ messageID }) => !known.has(messageID)).map(({ messageID }) => messageID);
  if (gone.length > 0) await options.database.write([setPromptStatus(options.database.orm, gone, "ended")]);
  return waiting.flatMap(({ messageID, policy }) => {
    const { info, parts = [] } = known.get(messageID) ?? {};
    return info?.role === "user" ? [{ policy, question: { info, parts } }] : [];
  });
}

async function messagesInOrder({ database }: SessionOptions, ids: string[]) {
  const found = new Map((await findMessages(database.orm, ids)).map((message) => [message.id, message]));
  return ids.flatMap((id) => found.get(id) ?? []);
}

/** Whether one turn can answer both: it has one agent, one model, one set of tools, and nothing to do first. */
function fits(one: Question, other: Question): boolean {
  const isOwn = ({ type }: Part): boolean => type === "subtask" || type === "compaction";
  return demands(one.info) === demands(other.info) && ![...one.parts, ...other.parts].some(isOwn);
}

function demands({ agent, model, system, tools, format }: UserMessage): string {
  return JSON.stringify([agent, model.providerID, model.modelID, model.variant ?? "default", system, tools, format]);
}

async function write({ log, serverID }: SessionOptions, session: Session, statement: ReturnType<typeof claimPrompts>): Promise<void> {
  const append: AppendOptions = { scope: scopeOf(session), fence: { sessionID: session.id, serverID }, writes: [statement] };
  await log.append([], append);
}
