import { sep } from "node:path";
import { findSessions, listSessions } from "../../db/queries/session.ts";
import type { Session } from "../schema/session.ts";
import type { SessionOptions } from "./options.ts";
import type { SessionService } from "./session.ts";

/** What goes on everywhere. */
export function createOverviews(options: SessionOptions, { status }: Pick<SessionService, "status">): Pick<SessionService, "overview"> {
  const { database, log, permissions, questions } = options;
  const { orm } = database;
  return {
    async overview({ within, limit }) {
      // Asked first: what happens while the rest is read is told again by the events after it.
      const position = await log.position();
      const newest = await listSessions(orm, { within, limit: limit + 1 });
      const [statuses, asks, asked] = await Promise.all([status(), permissions.list(), questions.list()]);
      const others = new Set([...Object.keys(statuses), ...[...asks, ...asked].map(({ sessionID }) => sessionID)]);
      const known = new Map(newest.slice(0, limit).map((session) => [session.id, session]));
      const missing = await findSessions(
        orm,
        [...others].filter((id) => !known.has(id)),
      );
      for (const session of missing) if (isWithin(session, within)) known.set(session.id, session);
      const isKnown = ({ sessionID }: { sessionID: string }) => known.has(sessionID);
      return {
        position,
        sessions: [...known.values()].sort((one, other) => other.time.updated - one.time.updated),
        status: Object.fromEntries(Object.entries(statuses).filter(([sessionID]) => isKnown({ sessionID }))),
        permissions: asks.filter(isKnown),
        questions: asked.filter(isKnown),
        more: newest.length > limit,
      };
    },
  };
}

/** Whether each of the lists names the session's directory or one above it. */
function isWithin({ directory }: Session, within: readonly (readonly string[])[]): boolean {
  const holds = (root: string) => directory === root || directory.startsWith(root.endsWith(sep) ? root : root + sep);
  return within.every((roots) => roots.some(holds));
}
