import { rm } from "node:fs/promises";
import { join } from "node:path";
import { listChanges } from "../../db/queries/change.ts";
import { listLeases } from "../../db/queries/lease.ts";
import { listMessages } from "../../db/queries/message.ts";
import { findSessions } from "../../db/queries/session.ts";
import type { Session } from "../schema/session.ts";
import type { SessionOptions } from "./options.ts";

/**
 * Prepares the erasure of what a session keeps outside the store: full tool outputs, and contents of files in snapshots. The result, called when the
 * session is gone, erases what no other session needs; what cannot be reached now (the directory is gone, or not ours) is erased with old snapshots.
 */
export async function prepareErasure(options: SessionOptions, { id, directory, projectID }: Session): Promise<() => Promise<void>> {
  const { orm } = options.database;
  const states = (await listChanges(orm, [id])).flatMap(({ before, after }) => [before, after]);
  const hashes = [...new Set(states.flatMap((state) => (state === null ? [] : [state.hash])))];
  const worked = (await listMessages(orm, id, { limit: 1 })).length > 0 && options.serves(directory);
  const workspace = worked ? await options.workspace(directory).catch(() => undefined) : undefined;
  return async () => {
    await rm(join(options.outputDirectory, id), { recursive: true, force: true });
    await workspace?.snapshots
      .forget(hashes, { quiet: !(await isWorkedOn(options, projectID)) })
      .catch((error) => options.onError?.(error));
  };
}

/** Whether a session of the project runs, on whichever server. */
async function isWorkedOn({ database: { orm } }: SessionOptions, projectID: string): Promise<boolean> {
  const running = await findSessions(
    orm,
    (await listLeases(orm)).map(({ sessionID }) => sessionID),
  );
  return running.some((session) => session.projectID === projectID);
}
