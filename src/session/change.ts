import { requireSession } from "../../db/queries/guard.ts";
import type { AppendOptions, NewEvent } from "../event/log.ts";
import type { Session } from "../schema/session.ts";
import { isConflict } from "./ending.ts";
import { knownSession } from "./known.ts";
import type { SessionOptions } from "./options.ts";
import { scopeOf } from "./workspace.ts";

type Awaitable<Value> = Value | Promise<Value>;

export interface SessionCommit {
  /** With a `session.updated` that holds the whole session as it is to be. */
  events: NewEvent[];
  append?: Omit<AppendOptions, "scope">;
}

/**
 * Commits a change of a session that was made from what the session is at that very moment: whatever somebody else (a client, a turn,
 * another server) changed meanwhile is kept, and a session that was deleted stays deleted. `prepare` is called again for each attempt; undefined
 * from it changes nothing. Throws NotFoundError for a session that is gone, ConflictError when the fence or a guard of its own fails.
 */
export async function changeSession(
  { log, database }: Pick<SessionOptions, "log" | "database">,
  id: string,
  prepare: (current: Session) => Awaitable<SessionCommit | undefined>,
): Promise<void> {
  for (;;) {
    const current = await knownSession(database.orm, id);
    const commit = await prepare(current);
    if (commit === undefined) return;
    const guards = [...requireSession(database.orm, current), ...(commit.append?.guards ?? [])];
    try {
      await log.append(commit.events, { ...commit.append, scope: scopeOf(current), guards });
      return;
    } catch (error) {
      // Only a session that changed under our hands is a reason to look again.
      if (!isConflict(error) || JSON.stringify(await knownSession(database.orm, id)) === JSON.stringify(current)) throw error;
    }
  }
}
