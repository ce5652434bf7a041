import { expiredSessions } from "../../db/queries/upkeep.ts";
import { AppError } from "../schema/error.ts";
import type { SessionOptions } from "./options.ts";
import type { Removal } from "./remove.ts";
import type { SessionService } from "./session.ts";

const day = 24 * 3_600_000;
/** Sessions between two looks at the store's files for copies of what was erased. */
const batch = 20;

/** Deletes what is older than is to be kept, whole sessions with all that belongs to them; each deletion is on record. */
export function createRetention(options: SessionOptions, { removeAll }: Pick<Removal, "removeAll">): Pick<SessionService, "prune"> {
  const { database, audit, serves, onError } = options;
  return {
    async prune({ days, keep = [] }, { dryRun = false, actor = { name: "retention" }, directories, signal } = {}) {
      const before = Date.now() - days * day;
      const may = (directory: string) => serves(directory) && (directories?.(directory) ?? true);
      const expired = (await expiredSessions(database.orm, { before, keep })).filter(({ directory }) => may(directory)).map(({ id }) => id);
      if (dryRun) return expired;
      const failed = new Set<string>();
      let at = 0;
      for (; at < expired.length && !signal?.aborted; at += batch) {
        const faults = await removeAll(expired.slice(at, at + batch), ({ id, directory }) =>
          audit ? [audit.entry({ actor, action: "session.prune", subject: { sessionID: id, days: String(days) }, directory })] : [],
        );
        for (const [id, fault] of faults) {
          failed.add(id);
          // Another server of the store was quicker.
          if (!(fault instanceof AppError && fault.name === "NotFoundError")) onError?.(fault);
        }
      }
      return expired.slice(0, at).filter((id) => !failed.has(id));
    },
  };
}
