import type { Database } from "../../db/client.ts";
import { insertEvent } from "../../db/queries/event.ts";
import { requireLease, requirePosition } from "../../db/queries/guard.ts";
import { createEntry, sessionOf, withId } from "./entry.ts";
import type { AppendOptions, LogEntry, NewEvent } from "./log.ts";
import { project, storage } from "./projection.ts";

/** Writes events, the rows they stand for and the caller's own statements as one commit; the entries carry their positions. */
export function createCommit({ database, serverID }: { database: Database; serverID: string }) {
  const { orm } = database;
  return async (events: NewEvent[], { scope, fence, expected, guards = [], writes = [] }: AppendOptions): Promise<LogEntry[]> => {
    const statements = [...guards, ...(fence ? requireLease(orm, fence) : []), ...(expected ? requirePosition(orm, expected) : [])];
    const drafts = events.map((event) => {
      const complete = withId(event);
      const sessionID = sessionOf(event);
      const row = { id: complete.id, type: event.type, sessionID: sessionID ?? null, ...scope, ...storage(event), created: Date.now() };
      statements.push(...project(orm, event, { ...scope, serverID }), insertEvent(orm, row));
      return { index: statements.length - 1, complete, sessionID };
    });
    const results = await database.write([...statements, ...writes]);
    return drafts.map(({ index, complete, sessionID }) =>
      createEntry(complete, { position: Number(results[index]?.lastInsertRowid), sessionID, ...scope }),
    );
  };
}
