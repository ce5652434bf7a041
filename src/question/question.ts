import type { Database, Statement } from "../../db/client.ts";
import { findQuestion, listQuestions } from "../../db/queries/question.ts";
import { type EventLog, firstOf, followAnswers } from "../event/log.ts";
import type { Actor, AuditEntry } from "../schema/audit.ts";
import { createId } from "../schema/id.ts";
import type { QuestionAnswer, QuestionInfo, QuestionRequest } from "../schema/question.ts";
import { dismissed, notFound, shuttingDown, unanswered, wrongCount } from "./rejection.ts";
import { type Settlement, settle, type WaitingHere } from "./settle.ts";

/**
 * Questions of an agent to the user. A question is a row and a `question.asked` event; any client, on any server that shares the
 * store, may answer it, also one that connects later; the answer is a `question.replied` or `question.rejected` event, and the
 * waiting tool goes on when that event reaches the log of its own server. Disposing the service withdraws what waits on it.
 */
export interface QuestionService extends AsyncDisposable {
  /**
   * Resolves with the chosen labels and typed texts, a list for each question, in their order. Throws AppError QuestionRejectedError
   * when the user dismisses it or nobody answers in time (both have `stopsTurn: true`), or the signal's reason on abort (the question
   * is withdrawn then).
   */
  ask(input: QuestionAsk): Promise<QuestionAnswer[]>;
  /** What waits for an answer, oldest first; of one directory if given. */
  list(directory?: string): Promise<QuestionRequest[]>;
  /**
   * Answers once. What an answer says is not checked: people may type what no option says, and an empty list leaves a question open.
   * Throws AppError QuestionNotFoundError (unknown, or answered already), BadRequest unless there is one answer for each question.
   */
  reply(requestID: string, answers: QuestionAnswer[], actor?: Actor): Promise<void>;
  /** Dismisses the question: the turn that asked it ends. Throws AppError QuestionNotFoundError. */
  reject(requestID: string, actor?: Actor): Promise<void>;
}

export interface QuestionAsk {
  session: { id: string; directory: string; projectID: string };
  questions: QuestionInfo[];
  tool: { messageID: string; callID: string };
  signal: AbortSignal;
  /** Milliseconds to wait for an answer, in place of what the service was told; false: for ever. */
  timeout?: number | false;
}

export interface QuestionOptions {
  log: EventLog;
  database: Database;
  /** Puts answers on record, in the batch that holds them. */
  audit?: { entry(entry: AuditEntry): Statement };
  /** Milliseconds after which a question that nobody answers counts as dismissed; without `ms` never. Thirty minutes unless told. */
  timeout?: { ms?: number };
}

export function createQuestions(options: QuestionOptions): QuestionService {
  const { log, database } = options;
  const { ms }: { ms?: number } = options.timeout ?? { ms: 30 * 60_000 };
  const closing = new AbortController();
  const running = new Set<Promise<unknown>>();
  const settlements = followAnswers<Settlement>(log, {
    pick(event) {
      if (event.type === "question.replied") return { requestID: event.properties.requestID, answer: event.properties.answers };
      return event.type === "question.rejected" ? { requestID: event.properties.requestID, answer: "rejected" } : undefined;
    },
    ended: shuttingDown,
  });

  async function ask({ session, questions, tool, signal, timeout = ms }: QuestionAsk): Promise<QuestionAnswer[]> {
    signal.throwIfAborted();
    closing.signal.throwIfAborted();
    const scope = { directory: session.directory, projectID: session.projectID };
    const request = { id: createId("question"), sessionID: session.id, questions, tool };
    const settlement = settlements.expect(request.id);
    try {
      await log.append([{ type: "question.asked", properties: request }], { scope });
      const until = { signal: AbortSignal.any([signal, closing.signal]), limit: timeout || undefined };
      return await conclude({ request, ...scope }, settlement, until);
    } finally {
      settlements.forget(request.id);
    }
  }

  async function conclude(
    waiting: WaitingHere,
    settlement: Promise<Settlement>,
    { signal, limit }: { signal: AbortSignal; limit?: number },
  ): Promise<QuestionAnswer[]> {
    const outcome = await firstOf(settlement, signal, limit);
    if (outcome === "aborted") {
      await settle(options, waiting, { settlement: "rejected" });
      throw signal.reason;
    }
    // Answered in the very moment it timed out: the answer counts.
    if (outcome === "timeout" && (await settle(options, waiting, { settlement: "rejected" }))) throw unanswered(limit ?? 0);
    const answers = await settlement;
    if (answers === "rejected") throw dismissed();
    return answers;
  }

  return {
    ask(input) {
      const work = ask(input).finally(() => running.delete(work));
      running.add(work);
      return work;
    },
    list: async (directory) => (await listQuestions(database.orm, { directory })).map((waiting) => waiting.request),
    async reply(requestID, answers, actor) {
      const waiting = await findQuestion(database.orm, requestID);
      if (!waiting) throw notFound(requestID);
      if (answers.length !== waiting.request.questions.length) throw wrongCount(waiting.request.questions.length, answers.length);
      if (!(await settle(options, waiting, { settlement: answers, actor }))) throw notFound(requestID);
    },
    async reject(requestID, actor) {
      const waiting = await findQuestion(database.orm, requestID);
      if (!waiting || !(await settle(options, waiting, { settlement: "rejected", actor }))) throw notFound(requestID);
    },
    async [Symbol.asyncDispose]() {
      closing.abort(shuttingDown());
      await Promise.allSettled(running);
      await settlements[Symbol.asyncDispose]();
    },
  };
}
