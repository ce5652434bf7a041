import { useState } from "react";
import type { BulkResult } from "../../../../src/client/client.ts";
import { useCalls } from "../../app/client.ts";
import { toast, toastFault } from "../../app/toasts.ts";

export type BulkChange =
  | { action: "delete" }
  | { action: "archive" }
  | { action: "unarchive" }
  | { action: "tag"; add: string[]; remove: string[] };

export interface Bulk {
  isRunning: boolean;
  /** Those of the last run that were left as they were. */
  failed: BulkResult[];
  run(ids: string[], change: BulkChange): Promise<void>;
  forget(): void;
}

/** One change of many sessions, of which some may fail. */
export function useBulk(): Bulk {
  const calls = useCalls();
  const [isRunning, setRunning] = useState(false);
  const [failed, setFailed] = useState<BulkResult[]>([]);
  async function run(ids: string[], change: BulkChange): Promise<void> {
    setRunning(true);
    try {
      const results = await calls.session.bulk.mutate({ ids, change });
      setFailed(results.filter(({ ok }) => !ok));
      const done = results.filter(({ ok }) => ok).map(({ id }) => id);
      const back = { archive: "unarchive", unarchive: "archive" } as const;
      const undo =
        change.action === "archive" || change.action === "unarchive"
          ? { title: "Undo", run: () => void run(done, { action: back[change.action] }) }
          : undefined;
      if (done.length > 0) toast(`${counted(done.length)} ${words[change.action]}`, { tone: "ok", action: undo });
    } catch (error) {
      toastFault(error);
    } finally {
      setRunning(false);
    }
  }
  return { isRunning, failed, run, forget: () => setFailed([]) };
}

const words = { delete: "deleted", archive: "archived", unarchive: "out of the archive", tag: "tagged" };

export const counted = (count: number): string => (count === 1 ? "1 session" : `${count} sessions`);
