import type { EventLog, LogEntry } from "../event/log.ts";
import type { PermissionReply } from "./permission.ts";
import { shuttingDown } from "./rejection.ts";

/** Answers as they reach this server's log, for the asks that wait here. */
export interface Replies extends AsyncDisposable {
  /** Call it before the ask is told. Rejects if the log can no longer be followed. */
  expect(requestID: string): Promise<PermissionReply>;
  forget(requestID: string): void;
}

/** One reader of the log for all asks of a server. */
export function followReplies(log: EventLog): Replies {
  const stop = new AbortController();
  const waiting = new Map<string, PromiseWithResolvers<PermissionReply>>();
  let failure: unknown;

  const take = ({ event }: LogEntry): void => {
    if (event.type === "permission.replied") waiting.get(event.properties.requestID)?.resolve(event.properties.reply);
  };
  const fail = (error: unknown): void => {
    failure = error;
    for (const { reject } of waiting.values()) reject(error);
  };
  // A log that ends by itself leaves nobody to bring the answers.
  const running = follow(log, stop.signal, take).then(() => fail(shuttingDown()), fail);

  return {
    expect(requestID) {
      const reply = Promise.withResolvers<PermissionReply>();
      // Whoever waits gets the failure; an ask that was given up has nobody to tell.
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

/** A reader that fell behind is closed by the log and goes on where it was: every answer is a row of the log. */
async function follow(log: EventLog, signal: AbortSignal, take: (entry: LogEntry) => void): Promise<void> {
  let entries = log.read({ signal });
  for (;;) {
    let evicted: LogEntry["evicted"];
    for await (const entry of entries) {
      evicted = entry.evicted;
      if (!evicted) take(entry);
    }
    if (!evicted) return;
    entries = log.read({ signal, after: evicted.cursor });
  }
}
