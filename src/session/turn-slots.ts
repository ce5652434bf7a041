import type { Session } from "../schema/session.ts";

/** How many turns run at a time. */
export interface TurnSlots {
  /**
   * Resolves when the session may run a turn, with what gives the place back; with undefined when the signal aborts before. Sessions wait in
   * the order they came, and each comes with one turn at a time: whoever has much to do goes to the end of the line after each.
   * A session that another one waits for (a sub-agent) runs in the place of that one.
   */
  take(session: Pick<Session, "id" | "parentID">, signal: AbortSignal): Promise<(() => void) | undefined>;
  stats(): { running: number; waiting: number };
}

interface Waiter {
  session: Pick<Session, "id" | "parentID">;
  start(): void;
}

/** `limit`: asked each time, since it may change while the server runs. */
export function createTurnSlots(limit: () => number): TurnSlots {
  /** Turns by session; `counted` those that have a place of their own. */
  const running = new Map<string, { counted: boolean }>();
  const waiting: Waiter[] = [];
  const taken = () => [...running.values()].filter(({ counted }) => counted).length;
  const isHelping = ({ parentID }: Waiter["session"]) => parentID !== undefined && running.has(parentID);

  /** Starts whoever may. One that starts may be waited for by another that waits. */
  function advance(): void {
    for (;;) {
      const helping = waiting.findIndex(({ session }) => isHelping(session));
      const next = helping >= 0 ? helping : taken() < limit() ? 0 : -1;
      const [waiter] = next < 0 ? [] : waiting.splice(next, 1);
      if (waiter === undefined) return;
      running.set(waiter.session.id, { counted: helping < 0 });
      waiter.start();
    }
  }

  return {
    take(session, signal) {
      if (signal.aborted) return Promise.resolve(undefined);
      const { promise, resolve } = Promise.withResolvers<(() => void) | undefined>();
      const giveUp = () => {
        const index = waiting.indexOf(waiter);
        if (index >= 0) waiting.splice(index, 1);
        resolve(undefined);
      };
      const release = () => {
        running.delete(session.id);
        advance();
      };
      const waiter: Waiter = {
        session,
        start() {
          signal.removeEventListener("abort", giveUp);
          resolve(release);
        },
      };
      signal.addEventListener("abort", giveUp, { once: true });
      waiting.push(waiter);
      advance();
      return promise;
    },
    stats: () => ({ running: running.size, waiting: waiting.length }),
  };
}
