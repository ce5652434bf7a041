import { setTimeout as delay } from "node:timers/promises";
import type { Database } from "../../db/client.ts";
import { compactedUntil, type RestingSession, restingSessions, saveCompacted } from "../../db/queries/upkeep.ts";
import { type EventLog, every, type Periodic } from "../event/log.ts";
import type { Retention } from "../schema/retention.ts";

/**
 * Looks after the store while the server runs: ends deletions that were cut short, deletes what is older than is to be kept, takes out of the log
 * what says nothing any more, and gives unused room back. All of it in pieces of milliseconds, with longer pauses between them, so that
 * nothing else waits. Several servers on one store may do it at once.
 */
export interface Upkeep extends AsyncDisposable {
  /** Does it now and from time to time. */
  start(options?: UpkeepPolicy): void;
  /** Does it once. */
  run(options?: UpkeepPolicy): Promise<void>;
}

export interface UpkeepPolicy {
  /** Sessions are kept for ever unless told. */
  retention?: Retention;
  /** Milliseconds after its last change that a session's log is compacted; a day unless told. */
  rest?: number;
}

export interface UpkeepOptions {
  database: Database;
  log: Pick<EventLog, "compact">;
  /** The sessions, as far as they are pruned. */
  sessions: { finishRemovals(): Promise<void>; prune(policy: Retention, options: { signal: AbortSignal }): Promise<string[]> };
  /** Told of what was done. */
  onDone?(work: { pruned: number; events: number; pages: number }): void;
  onError(error: unknown): void;
}

const interval = 10 * 60_000;
const day = 24 * 3_600_000;
const sessionsAtOnce = 50;
/** Unused pages (of 4 KiB) that are left alone, since the next writes use them; and pages that are given back at a time. */
const spare = 1_024;
const slice = 32;

export function createUpkeep(options: UpkeepOptions): Upkeep {
  const { database, log, sessions, onError } = options;
  const { orm } = database;
  const ending = new AbortController();
  const { signal } = ending;
  let periodic: Periodic | undefined;
  let running: Promise<void> = Promise.resolve();

  async function compact(rest: number, pause: () => Promise<void>): Promise<number> {
    const before = Date.now() - rest;
    let after: RestingSession = { id: "", updated: await compactedUntil(orm) };
    let erased = 0;
    while (!signal.aborted) {
      const found = await restingSessions(orm, { after, before, limit: sessionsAtOnce });
      for (const session of found) {
        if (signal.aborted) return erased;
        erased += await log.compact(session.id, pause);
        after = session;
        await pause();
      }
      if (found.length === sessionsAtOnce) continue;
      // Later changes give a later time: whatever is at rest now has been seen.
      if (before > (await compactedUntil(orm))) await database.write([saveCompacted(orm, before)]);
      break;
    }
    return erased;
  }

  async function shrink(pause: () => Promise<void>): Promise<number> {
    const first = await database.shrink(0);
    let left = first;
    for (let before = Number.POSITIVE_INFINITY; left > spare && left < before && !signal.aborted; ) {
      before = left;
      left = await database.shrink(slice);
      await pause();
    }
    return first - left;
  }

  async function work({ retention, rest = day }: UpkeepPolicy): Promise<void> {
    const pause = createPause(signal);
    await sessions.finishRemovals();
    const pruned = retention === undefined ? 0 : (await sessions.prune(retention, { signal })).length;
    const events = await compact(rest, pause);
    const pages = await shrink(pause);
    if (pruned + events + pages > 0) options.onDone?.({ pruned, events, pages });
  }

  const run = (policy: UpkeepPolicy = {}): Promise<void> => {
    running = running.catch(() => undefined).then(() => (signal.aborted ? undefined : work(policy)));
    return running;
  };

  return {
    run,
    start(policy) {
      run(policy).catch(onError);
      periodic ??= every(interval, () => run(policy), onError);
    },
    async [Symbol.asyncDispose]() {
      ending.abort();
      await periodic?.stop();
      await running.catch(() => undefined);
    },
  };
}

/** Rests four times as long as was worked since the last rest. */
function createPause(signal: AbortSignal): () => Promise<void> {
  let begun = performance.now();
  return async () => {
    await delay(Math.max(1, (performance.now() - begun) * 4), undefined, { signal, ref: false }).catch(() => undefined);
    begun = performance.now();
  };
}
