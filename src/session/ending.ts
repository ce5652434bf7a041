import { requireNothingQueued } from "../../db/queries/guard.ts";
import { releaseLease } from "../../db/queries/lease.ts";
import { findMessage } from "../../db/queries/message.ts";
import { setPromptStatus, waitingPrompts } from "../../db/queries/prompt.ts";
import type { AppendOptions, NewEvent } from "../event/log.ts";
import { AppError } from "../schema/error.ts";
import type { MessageError } from "../schema/message.ts";
import type { Session, SessionStatus } from "../schema/session.ts";
import { endedMessage } from "./interrupted.ts";
import type { SessionOptions } from "./options.ts";
import { scopeOf } from "./workspace.ts";

export const aborted: MessageError = { name: "MessageAbortedError", data: { message: "Aborted" } };

/** How a server's work on a session ends: each way is one commit, under the session's lease. */
export interface Endings {
  /** Says the session is idle (unless it was never said to be busy) and gives the lease back. False, and nothing written: a prompt came in the meantime, or the lease is not ours any more. */
  finish(session: Session, options?: { quiet?: boolean }): Promise<boolean>;
  /** Gives the lease back with what waits still queued. `status`: why it waits. */
  leave(session: Session, status?: SessionStatus): Promise<void>;
  /** Ends what waits without running it: each prompt gets an answer that says so. */
  cancelQueued(session: Session): Promise<void>;
}

export function createEndings({ database, log, serverID }: SessionOptions): Endings {
  const { orm } = database;
  const fenced = (session: Session): AppendOptions => ({ scope: scopeOf(session), fence: { sessionID: session.id, serverID } });
  const release = (session: Session) => releaseLease(orm, { sessionID: session.id, serverID });

  return {
    async finish(session, { quiet = false } = {}) {
      const writes = [...requireNothingQueued(orm, session.id), release(session)];
      return log.append(quiet ? [] : idle(session), { ...fenced(session), writes }).then(() => true, unlessConflict);
    },
    async leave(session, status) {
      const { id: sessionID } = session;
      const events: NewEvent[] = status ? [{ type: "session.status", properties: { sessionID, status } }] : [];
      await log.append([...idle(session), ...events], { ...fenced(session), writes: [release(session)] });
    },
    async cancelQueued(session) {
      const queued = (await waitingPrompts(orm, session.id)).map(({ messageID }) => messageID);
      if (queued.length === 0) return;
      const questions = await Promise.all(queued.map((id) => findMessage(orm, id)));
      const events = questions.flatMap((question): NewEvent[] =>
        question?.role === "user"
          ? [{ type: "message.updated", properties: { sessionID: session.id, info: endedMessage(session, question, aborted) } }]
          : [],
      );
      await log.append(events, { ...fenced(session), writes: [setPromptStatus(orm, queued, "ended")] });
    },
  };
}

function idle({ id: sessionID }: Session): NewEvent[] {
  return [
    { type: "session.status", properties: { sessionID, status: { type: "idle" } } },
    { type: "session.idle", properties: { sessionID } },
  ];
}

export function isConflict(error: unknown): boolean {
  return error instanceof AppError && error.name === "ConflictError";
}

function unlessConflict(error: unknown): false {
  if (isConflict(error)) return false;
  throw error;
}
