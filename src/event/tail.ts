import type { Database } from "../../db/client.ts";
import { every, type Periodic } from "./periodic.ts";

/** Calls `onMove` once at first and then whenever another connection has committed to the store. */
export function startTail(options: {
  database: Database;
  interval: number;
  onMove(): Promise<void>;
  onError(error: unknown): void;
}): Periodic {
  const { database, interval, onMove, onError } = options;
  let version: number | undefined;
  const look = async () => {
    const current = await database.dataVersion();
    if (current === version) return;
    version = current;
    await onMove();
  };
  return every(interval, look, onError);
}
