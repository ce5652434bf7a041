import type { Database } from "../../db/client.ts";
import { insertEvent } from "../../db/queries/event.ts";
import { requireLease, requirePosition } from "../../db/queries/guard.ts";
import { createEntry, sessionOf, withId } from "./entry.ts";
import type { AppendOptions, LogEntry, NewEvent } from "./log.ts";
import { milestonesOf } from "./milestone.ts";
import { project, storage } from "./projection.ts";

/** Writes events, the rows they stand for and the caller's own statements as one commit; the entries carry their positions. */
export function createCommit({ database, serverID }: { database: Database; serverID: string }) {
  const { orm } = database;
  return async (
    events: NewEvent[],
    { scope: { sessionID: origin, ...scope }, fence, expected, retold, guards = [], writes = [] }: AppendOptions,
  ): Promise<LogEntry[]> => {
    const statements = [...guards, ...(fence ? requireLease(orm, fence) : []), ...(expected ? requirePosition(orm, expected) : [])];
    const milestones = retold ? [] : await milestonesOf(orm, events);
    const drafts = events.map((event, at) => {
      const complete = withId(event);
      const sessionID = sessionOf(event) ?? origin;
      const milestone = milestones[at];
      const stored = { ...storage(event), ...(milestone && { data: { milestone } }) };
      const row = { id: complete.id, type: event.type, sessionID: sessionID ?? null, ...scope, ...stored, created: Date.now() };
      statements.push(...project(orm, event, { ...scope, serverID }), insertEvent(orm, row));
      return { index: statements.length - 1, complete, sessionID, milestone };
    });
    const results = await database.write([...statements, ...writes]);
    return drafts.map(({ index, complete, sessionID, milestone }) =>
      createEntry(complete, { position: Number(results[index]?.lastInsertRowid), sessionID, milestone, ...scope }),
    );
  };
}
