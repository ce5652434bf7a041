import { findMessage } from "../../db/queries/message.ts";
import { nextPrompt, setPromptStatus } from "../../db/queries/prompt.ts";
import { findSession } from "../../db/queries/session.ts";
import type { Session } from "../schema/session.ts";
import { createFileTimes } from "../tool/file-times.ts";
import type { FileTimes } from "../tool/tool.ts";
import { createEndings, isConflict } from "./ending.ts";
import type { Leases } from "./lease.ts";
import type { SessionOptions } from "./options.ts";
import { recoverSession } from "./recovery.ts";
import { createTitles } from "./title.ts";
import { runPrompt } from "./turn.ts";

/** One server's work on one session: from taking the lease to giving it back. */
export interface Run {
  abort: AbortController;
  /** A prompt came while the run was ending: look again. */
  again: boolean;
  /** A stop was asked for: what waits in the queue is not to be run. */
  cancel: boolean;
  /** The server is going down: what waits stays queued. */
  closing: boolean;
  /** Resolves when the stop asked for has happened. */
  stopped: PromiseWithResolvers<void>;
  done: Promise<void>;
}

export interface QueueRunner extends AsyncDisposable {
  /** Runs the session's prompts, first in first out, until none waits; then says so and gives the lease back in one commit. */
  run(session: Session, run: Run): Promise<void>;
  /** Gives the lease back with what waits still queued. */
  leave(session: Session): Promise<void>;
}

export function createQueueRunner(options: SessionOptions, leases: Leases): QueueRunner {
  const { database } = options;
  const { orm } = database;
  const files = new Map<string, FileTimes>();
  const titles = createTitles(options);
  const { leave, finish, cancelQueued } = createEndings(options);

  async function answer(session: Session, messageID: string, run: Run): Promise<void> {
    const question = await findMessage(orm, messageID);
    const current = await findSession(orm, session.id);
    if (question?.role !== "user" || current === undefined) {
      await database.write([setPromptStatus(orm, [messageID], "ended")]);
      return;
    }
    const times = files.get(session.id) ?? createFileTimes();
    files.set(session.id, times);
    titles.consider(current, question);
    await runPrompt(options, { session: current, question, files: times, signal: run.abort.signal });
  }

  async function obeyStop(session: Session, run: Run): Promise<void> {
    await cancelQueued(session);
    await leases.acknowledgeAbort(session.id);
    run.cancel = false;
    run.abort = new AbortController();
    run.stopped.resolve();
    run.stopped = Promise.withResolvers();
  }

  async function loop(session: Session, run: Run): Promise<void> {
    for (;;) {
      if (run.closing) return leave(session);
      if (run.cancel) await obeyStop(session, run);
      const next = await nextPrompt(orm, session.id);
      if (next !== undefined) await answer(session, next, run);
      else if ((await finish(session)) || (await nextPrompt(orm, session.id)) === undefined) return;
    }
  }

  return {
    leave,
    async run(session, run) {
      try {
        await loop(session, run);
      } catch (error) {
        if (isConflict(error)) return;
        options.onError?.(error);
        // The store failed in the middle of a turn: what it left open must not stay open while this server lives.
        await recoverSession(options, session);
        await leave(session);
      }
    },
    [Symbol.asyncDispose]: () => titles[Symbol.asyncDispose](),
  };
}
