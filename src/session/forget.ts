import { listChanges, neededContents } from "../../db/queries/change.ts";
import type { Session } from "../schema/session.ts";
import type { SessionOptions } from "./options.ts";

/**
 * Prepares the erasure of what a session's changes kept of files. The result, called when the session is gone, erases what no other
 * session needs; what cannot be reached now (the directory is gone, or not ours) is erased with old snapshots.
 */
export async function contentsOf(options: SessionOptions, { id, directory }: Session): Promise<() => Promise<void>> {
  const { orm } = options.database;
  const states = (await listChanges(orm, [id])).flatMap(({ before, after }) => [before, after]);
  const hashes = [...new Set(states.flatMap((state) => (state === null ? [] : [state.hash])))];
  const workspace = hashes.length > 0 && options.serves(directory) ? await options.workspace(directory).catch(() => undefined) : undefined;
  return async () => {
    if (workspace === undefined) return;
    const needed = new Set(await neededContents(orm, hashes));
    await workspace.snapshots.erase(hashes.filter((hash) => !needed.has(hash))).catch((error) => options.onError?.(error));
  };
}
