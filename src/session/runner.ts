import { sessionsWithPrompts } from "../../db/queries/prompt.ts";
import { findSession, findSessions } from "../../db/queries/session.ts";
import type { Session } from "../schema/session.ts";
import { busy } from "./accept.ts";
import { pausedStatuses } from "./budget.ts";
import { createJob, type ExclusiveOptions, type Job } from "./exclusive.ts";
import type { Leases } from "./lease.ts";
import type { SessionOptions } from "./options.ts";
import { createQueueRunner, type QueueRunner, type Run } from "./queue.ts";
import { recoverSession } from "./recovery.ts";
import type { TurnSlots } from "./turn-slots.ts";

/** Runs the queues of sessions under their leases, and takes care of what dead servers left. */
export interface Runner extends AsyncDisposable {
  /** Makes sure somebody runs the session's queue. Returns at once. */
  kick(sessionID: string): void;
  /**
   * Does work that needs the session to itself. Throws SessionBusyError when it is not idle, here or on another server, and what the work throws.
   * `stop` aborts the signal.
   */
  exclusive<Result>(sessionID: string, work: (signal: AbortSignal) => Promise<Result>, options?: ExclusiveOptions): Promise<Result>;
  /** Ends what this server runs in the session and cancels what waits behind it; resolves when that has happened. False if it runs nothing there. */
  stop(sessionID: string): Promise<boolean>;
  /** Sessions in which this server runs something. */
  running(): string[];
  /** Resolves when everything that runs now in these sessions (in all, unless given) is over and told. */
  settled(sessionIDs?: string[]): Promise<void>;
  /** Ends the turn that a waiting prompt is to interrupt, if this server runs it. */
  interrupt(sessionID: string): Promise<void>;
  /** Recovers sessions whose server died and runs what they had queued. */
  adopt(): Promise<void>;
}

export function createRunner(options: SessionOptions, { leases, slots }: { leases: Leases; slots: TurnSlots }): Runner {
  const { orm } = options.database;
  const runs = new Map<string, Run>();
  const queue = createQueueRunner(options, { leases, slots });
  let closing = false;

  function kick(sessionID: string): void {
    const running = runs.get(sessionID);
    if (running) running.again = true;
    if (!running && !closing) start(sessionID);
  }

  function start(sessionID: string, job?: Job): void {
    const run = createRun();
    runs.set(sessionID, run);
    run.done = drain(sessionID, run, job).catch((error) => options.onError?.(error));
  }

  async function drain(sessionID: string, run: Run, job: Job | undefined): Promise<void> {
    try {
      const session = await findSession(orm, sessionID);
      if (session !== undefined && (await hold(options, session, { leases, queue }))) await queue.run(session, run, job);
    } finally {
      job?.settle();
      // Nothing may be awaited between the look at `again` and the removal: a prompt that comes now finds either this run or none.
      runs.delete(sessionID);
      run.stopped.resolve();
      if (run.again) kick(sessionID);
    }
  }

  return {
    kick,
    async exclusive(sessionID, work, exclusiveOptions) {
      if (runs.has(sessionID) || closing) throw busy(sessionID);
      const { job, result } = createJob(sessionID, work, exclusiveOptions);
      start(sessionID, job);
      return result;
    },
    async stop(sessionID) {
      await options.background.end(sessionID);
      // Prompts that wait for a budget are not run by anybody: the run that cancels them is made for it.
      if ((await options.budgets.waiting()).some((waiting) => waiting.sessionID === sessionID)) kick(sessionID);
      const run = runs.get(sessionID);
      if (run) {
        run.cancel = true;
        run.abort.abort();
        await run.stopped.promise;
      }
      await options.processes.endSession(sessionID);
      return run !== undefined;
    },
    running: () => [...runs.keys()],
    settled: (ids = [...runs.keys()]) => Promise.all(ids.map((id) => runs.get(id)?.done)).then(() => undefined),
    interrupt: async (sessionID) => queue.interrupt(sessionID, runs.get(sessionID)),
    async adopt() {
      const { sessions, servers, local } = await leases.orphans();
      // First of all: what a dead server's tools go on doing must not meet what is done in their place.
      await options.processes.endDead(local);
      for (const sessionID of [...sessions, ...(await waitingSessions(options, leases))]) kick(sessionID);
      await leases.forget(servers);
      await options.budgets.settleLost();
    },
    async [Symbol.asyncDispose]() {
      closing = true;
      for (const run of runs.values()) {
        run.closing = true;
        run.abort.abort();
      }
      await Promise.all([...runs.values()].map((run) => run.done));
      await queue[Symbol.asyncDispose]();
    },
  };
}

function createRun(): Run {
  return {
    abort: new AbortController(),
    again: false,
    cancel: false,
    closing: false,
    stopped: Promise.withResolvers(),
    done: Promise.resolve(),
  };
}

/** Whether this server may run the session now. One that was left by a dead server is recovered first, also if its directory is not ours to work in. */
async function hold(
  options: SessionOptions,
  session: Session,
  { leases, queue }: { leases: Leases; queue: QueueRunner },
): Promise<boolean> {
  const outcome = await leases.take(session.id);
  if (outcome === "held") return false;
  if (outcome === "recover")
    await recoverSession(options, session, { policy: options.serves(session.directory) ? options.resume?.() : "off" });
  if (options.serves(session.directory)) return true;
  await queue.leave(session);
  return false;
}

/** Sessions with queued prompts that nobody runs and that this server may work in. */
async function waitingSessions(options: SessionOptions, leases: Leases): Promise<string[]> {
  const { database, serves } = options;
  const held = await leases.held();
  const sessions = await findSessions(database.orm, await sessionsWithPrompts(database.orm));
  const paused = new Set((await pausedStatuses(options)).map(([id]) => id));
  return sessions.filter(({ id, directory }) => !held.has(id) && !paused.has(id) && serves(directory)).map(({ id }) => id);
}
