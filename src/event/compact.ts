import type { Database } from "../../db/client.ts";
import { eraseEvents, snapshotEvents } from "../../db/queries/upkeep.ts";

const pageSize = 200;

/**
 * Takes events out of the log that say nothing any more: of those that stand for the newest state of one thing, all between the first and the last.
 * A replay fills each with the same state, so a reader with a cursor of any age comes to the same end, and every cursor stays good. Milestones
 * stay. `pause` is awaited between pieces of work. Resolves with how many went.
 */
export async function compactSession(database: Database, sessionID: string, pause: () => Promise<void>): Promise<number> {
  const { orm } = database;
  /** By type and thing: the newest position so far, or undefined where it is the first too. */
  const newest = new Map<string, number | undefined>();
  let erased = 0;
  for (let after = 0; ; ) {
    const rows = await snapshotEvents(orm, { sessionID, after, limit: pageSize });
    const superseded = rows.flatMap(({ position, type, reference }) => {
      const key = `${type} ${reference}`;
      if (!newest.has(key)) {
        newest.set(key, undefined);
        return [];
      }
      const before = newest.get(key);
      newest.set(key, position);
      return before === undefined ? [] : [before];
    });
    if (superseded.length > 0) await database.write([eraseEvents(orm, superseded)]);
    erased += superseded.length;
    const last = rows.at(-1);
    if (last === undefined || rows.length < pageSize) return erased;
    after = last.position;
    await pause();
  }
}
