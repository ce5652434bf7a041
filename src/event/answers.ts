import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import type { AnyEvent } from "../schema/event.ts";
import type { EventLog } from "./log.ts";

/** Answers as they reach this server's log, for what waits here: whichever server they were given to. */
export interface Answers<Answer> extends AsyncDisposable {
  /** Call it before the question is told. Rejects if the log can no longer be followed. */
  expect(requestID: string): Promise<Answer>;
  forget(requestID: string): void;
}

export interface AnswersOptions<Answer> {
  /** The answer that an event carries, if it carries one. */
  pick(event: AnyEvent): { requestID: string; answer: Answer } | undefined;
  /** What those who wait are told when the log ends. */
  ended(): Error;
}

/** One reader of the log for everything that waits on a server. */
export function followAnswers<Answer>(log: EventLog, { pick, ended }: AnswersOptions<Answer>): Answers<Answer> {
  const stop = new AbortController();
  const waiting = new Map<string, PromiseWithResolvers<Answer>>();
  let failure: unknown;

  const entries = log.readOn({ signal: stop.signal });
  const take = async (): Promise<void> => {
    for await (const { event } of entries) {
      const picked = pick(event);
      if (picked) waiting.get(picked.requestID)?.resolve(picked.answer);
    }
  };
  const fail = (error: unknown): void => {
    failure = error;
    for (const { reject } of waiting.values()) reject(error);
  };
  // A log that ends by itself leaves nobody to bring the answers.
  const running = take().then(() => fail(ended()), fail);

  return {
    expect(requestID) {
      const reply = Promise.withResolvers<Answer>();
      // Whoever waits gets the failure; a question that was given up has nobody to tell.
      reply.promise.catch(() => {});
      waiting.set(requestID, reply);
      if (failure !== undefined) reply.reject(failure);
      return reply.promise;
    },
    forget: (requestID) => void waiting.delete(requestID),
    async [Symbol.asyncDispose]() {
      stop.abort();
      await running;
    },
  };
}

/** What comes first: the answer, an abort, or the end of the time given in ms. Leaves no timer and no listener behind. */
export async function firstOf<Answer>(
  answer: Promise<Answer>,
  signal: AbortSignal,
  ms: number | undefined,
): Promise<Answer | "aborted" | "timeout"> {
  if (signal.aborted) return "aborted";
  const over = new AbortController();
  const contenders: Promise<Answer | "aborted" | "timeout">[] = [answer, once(signal, "abort", over).then(() => "aborted" as const)];
  if (ms !== undefined) contenders.push(delay(ms, "timeout" as const, { signal: over.signal, ref: false }));
  try {
    return await Promise.race(contenders);
  } finally {
    over.abort();
  }
}
