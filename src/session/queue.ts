import { setTimeout as delay } from "node:timers/promises";
import { heldPrompts, nextPrompt, settleInterrupts, waitingPrompts } from "../../db/queries/prompt.ts";
import { findSession } from "../../db/queries/session.ts";
import { toAppError } from "../schema/error.ts";
import type { Session } from "../schema/session.ts";
import { pausedStatus } from "./budget.ts";
import { createEndings, isConflict } from "./ending.ts";
import type { Job } from "./exclusive.ts";
import { rememberFileTimes } from "./file-times.ts";
import { storeFailed } from "./interrupted.ts";
import { claimTurn, type TurnPrompts } from "./join.ts";
import type { Leases } from "./lease.ts";
import type { SessionOptions } from "./options.ts";
import { recoverSession } from "./recovery.ts";
import { askHeld } from "./resume.ts";
import { createTitles } from "./title.ts";
import { runPrompt } from "./turn.ts";
import type { TurnSlots } from "./turn-slots.ts";

/** One server's work on one session: from taking the lease to giving it back. */
export interface Run {
  abort: AbortController;
  /** A prompt came while the run was ending: look again. */
  again: boolean;
  /** A stop was asked for: what waits in the queue is not to be run. */
  cancel: boolean;
  /** The server is going down: what waits stays queued. */
  closing: boolean;
  /** The turn that runs now: the prompts it was made for, and how to end it alone. */
  turn?: { prompts: string[]; abort: AbortController };
  /** Resolves when the stop asked for has happened. */
  stopped: PromiseWithResolvers<void>;
  done: Promise<void>;
}

export interface QueueRunner extends AsyncDisposable {
  /** Ends the running turn if a prompt that waits is to interrupt it; what was sent before that prompt still goes before it. */
  interrupt(sessionID: string, run: Run | undefined): Promise<void>;
  /** Does the job, if there is one, and then runs the session's prompts, first in first out, until none waits; then says so and gives the lease back in one commit. */
  run(session: Session, run: Run, job?: Job): Promise<void>;
  /** Gives the lease back with what waits still queued. */
  leave(session: Session): Promise<void>;
}

/** Milliseconds between two looks whether a full disk has room again. */
const fullRetry = 1_000;

export function createQueueRunner(options: SessionOptions, { leases, slots }: { leases: Leases; slots: TurnSlots }): QueueRunner {
  const { orm } = options.database;
  const titles = createTitles(options);
  const { leave, finish, cancelQueued } = createEndings(options);

  /** Runs the next turn when there is a place for it; a stop ends the waiting. False when there is nothing to run. */
  async function runNext(session: Session, run: Run): Promise<boolean> {
    if ((await nextPrompt(orm, session.id)) === undefined) return false;
    const release = await slots.take(session, run.abort.signal);
    if (release === undefined) return true;
    try {
      const next = await claimTurn(options, session);
      if (next !== undefined) await answer(options, { session, run, titles, ...next });
      return next !== undefined;
    } finally {
      release();
    }
  }

  /** Whether the session is idle after it. A job never goes before a prompt that waits. */
  async function doAlone(session: Session, run: Run, job: Job): Promise<boolean> {
    if ((await nextPrompt(orm, session.id)) !== undefined || (await heldPrompts(orm, session.id)).length > 0) {
      job.refuse();
      return false;
    }
    await job.work(run.abort.signal);
    const isIdle = !run.cancel && !run.closing && (await finish(session, job));
    job.settle();
    return isIdle;
  }

  async function loop(session: Session, run: Run): Promise<void> {
    for (;;) {
      if (run.closing) return leave(session);
      if (run.cancel) {
        await cancelQueued(session);
        await leases.acknowledgeAbort(session.id);
        restart(run);
      }
      // What came up to now is seen here; what comes later asks for another look.
      run.again = false;
      await askHeld(options, session, { signal: run.abort.signal, leaves: () => run.closing });
      if (run.closing || run.cancel) continue;
      const paused = (await nextPrompt(orm, session.id)) && (await pausedStatus(options, session));
      if (paused) return leave(session, paused);
      if (await runNext(session, run)) continue;
      if ((await finish(session)) || (await nextPrompt(orm, session.id)) === undefined) return;
    }
  }

  return {
    leave,
    interrupt: (sessionID, run) => interrupt(options, sessionID, run),
    async run(session, run, job) {
      try {
        if (job === undefined || !(await doAlone(session, run, job))) await loop(session, run);
      } catch (error) {
        if (isConflict(error)) return;
        options.onError?.(error);
        // The store failed in the middle of a turn: what it left open must not stay open while this server lives.
        await untilStored(options, run, async () => {
          await recoverSession(options, session, { why: storeFailed(error) });
          await leave(session);
        });
      } finally {
        job?.settle();
      }
    },
    [Symbol.asyncDispose]: () => titles[Symbol.asyncDispose](),
  };
}

async function answer(
  options: SessionOptions,
  { session, run, titles, question, prompts }: TurnPrompts & { session: Session; run: Run; titles: ReturnType<typeof createTitles> },
): Promise<void> {
  const abort = new AbortController();
  run.turn = { prompts, abort };
  const timesOf = options.times ?? rememberFileTimes();
  const { id: sessionID, parentID } = session;
  const ended = options.activities.turn({ sessionID, parentID, messageID: question.id, agent: question.agent });
  let failure: unknown;
  try {
    const current = (await findSession(options.database.orm, session.id)) ?? session;
    titles.consider(current, question);
    const signal = AbortSignal.any([run.abort.signal, abort.signal]);
    await runPrompt(options, { session: current, question, prompts, files: timesOf(session.id), signal });
  } catch (error) {
    failure = error;
    throw error;
  } finally {
    ended(failure);
    run.turn = undefined;
  }
}

/** The stop has happened; the run goes on with what comes. */
function restart(run: Run): void {
  run.cancel = false;
  run.abort = new AbortController();
  run.stopped.resolve();
  run.stopped = Promise.withResolvers();
}

/** A disk that is full will have room again; a server that ends leaves the rest to the next one. */
async function untilStored({ onError }: SessionOptions, run: Run, work: () => Promise<void>): Promise<void> {
  for (let told = false; ; told = true) {
    try {
      return await work();
    } catch (error) {
      if (toAppError(error).name !== "StorageFullError" || run.closing) throw error;
      if (!told) onError?.(error);
      await delay(fullRetry, undefined, { ref: false });
    }
  }
}

async function interrupt({ database }: SessionOptions, sessionID: string, run: Run | undefined): Promise<void> {
  const turn = run?.turn;
  if (turn === undefined) return;
  const waiting = (await waitingPrompts(database.orm, sessionID)).filter(({ policy }) => policy === "interrupt");
  const interrupting = waiting.map(({ messageID }) => messageID).filter((id) => !turn.prompts.includes(id));
  if (interrupting.length === 0) return;
  // First the turn, then the mark: a turn that was aborted takes nothing up.
  turn.abort.abort();
  await database.write([settleInterrupts(database.orm, interrupting)]);
}
