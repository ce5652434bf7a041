import { AppError, toAppError } from "../schema/error.ts";
import type { BulkChange, BulkResult } from "../schema/session-list.ts";
import { changed, editSession, retagged } from "./edit.ts";
import type { SessionOptions } from "./options.ts";
import type { Removal } from "./remove.ts";
import type { SessionService } from "./session.ts";

/** The same done to many sessions, to each as if it were alone: what fails for one is told of that one. */
export function createBulk(options: SessionOptions, { removeAll }: Pick<Removal, "removeAll">): Pick<SessionService, "bulk"> {
  return {
    async bulk(given, change) {
      const ids = [...new Set(given)];
      const faults = change.action === "delete" ? await removeAll(ids) : await editAll(options, ids, change);
      return ids.map((id) => resultOf(options, id, faults.get(id)));
    },
  };
}

async function editAll(
  options: SessionOptions,
  ids: string[],
  change: Exclude<BulkChange, { action: "delete" }>,
): Promise<Map<string, unknown>> {
  const faults = new Map<string, unknown>();
  const now = Date.now();
  for (const id of ids) {
    const edit = editSession(options, id, (session) => {
      if (change.action === "tag") return retagged(session, change);
      return changed(session, { time: { archived: change.action === "archive" ? (session.time.archived ?? now) : 0 } });
    });
    await edit.catch((fault) => faults.set(id, fault));
  }
  return faults;
}

function resultOf({ onError }: SessionOptions, id: string, fault: unknown): BulkResult {
  if (fault === undefined) return { id, ok: true };
  if (!(fault instanceof AppError)) onError?.(fault);
  const { name, message } = toAppError(fault);
  return { id, ok: false, error: { name, message } };
}
