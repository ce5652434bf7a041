import { type LastMessage, lastMessages, startedAt } from "../../db/queries/session-state.ts";
import { waitingAsks } from "../../db/queries/waiting.ts";
import type { Session, SessionStatus } from "../schema/session.ts";
import type { SessionState } from "../schema/session-list.ts";
import type { SessionOptions } from "./options.ts";
import type { SessionService } from "./session.ts";

/** What sessions are doing, told from the store alone but for the reason of a retry: so it is true after a restart, and of other servers' sessions. */
export function createStates({ database: { orm } }: SessionOptions, { status }: Pick<SessionService, "status">) {
  return {
    /** As it is at this moment. */
    async now() {
      const [statuses, waiting] = await Promise.all([status(), waitingAsks(orm)]);
      return {
        /** The sessions that are not at rest. */
        active: (): string[] => [...new Set([...Object.keys(statuses), ...waiting.keys()])],
        async of(sessions: Session[]): Promise<(session: Session) => SessionState> {
          const ids = sessions.map(({ id }) => id);
          const busy = ids.filter((id) => statuses[id] !== undefined);
          const [last, started] = await Promise.all([lastMessages(orm, ids), startedAt(orm, busy)]);
          return (session) => {
            const asked = waiting.get(session.id);
            if (asked !== undefined) return { type: "waiting", ...asked };
            const counts = { permissions: 0, questions: 0 };
            const running = statuses[session.id];
            if (running === undefined) return { ...restOf(session, last.get(session.id)), ...counts };
            return { ...runOf(running, started.get(session.id) ?? beganAt(session, last.get(session.id))), ...counts };
          };
        },
      };
    },
  };
}

type Bare = Omit<SessionState, "permissions" | "questions">;

function runOf(status: SessionStatus, since: number): Bare {
  return status.type === "retry" ? { type: "retry", since, message: status.message } : { type: "busy", since };
}

function beganAt(session: Session, last: LastMessage | undefined): number {
  return last === undefined || last.completed !== null ? session.time.updated : last.created;
}

function restOf(session: Session, last: LastMessage | undefined): Bare {
  const since = last?.completed ?? last?.created ?? session.time.created;
  // Who ended a turn knows that it did not go well.
  if (!last?.error || last.error === "MessageAbortedError") return { type: "idle", since };
  return { type: "error", since, message: last.message ?? last.error };
}
