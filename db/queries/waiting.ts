import { count, min } from "drizzle-orm";
import type { Orm } from "../client.ts";
import { permission, question } from "../schema.ts";

/** What waits for an answer in a session. */
export interface Waiting {
  permissions: number;
  questions: number;
  /** Epoch ms of the oldest. */
  since: number;
}

/** By session. */
export async function waitingAsks(orm: Orm): Promise<Map<string, Waiting>> {
  const found = new Map<string, Waiting>();
  const kinds = [
    ["permissions", permission],
    ["questions", question],
  ] as const;
  for (const [kind, table] of kinds) {
    const columns = { sessionID: table.sessionID, number: count(), since: min(table.asked) };
    for (const { sessionID, number, since } of await orm.select(columns).from(table).groupBy(table.sessionID)) {
      const known = found.get(sessionID) ?? { permissions: 0, questions: 0, since: Number.MAX_SAFE_INTEGER };
      found.set(sessionID, { ...known, [kind]: number, since: Math.min(known.since, since ?? known.since) });
    }
  }
  return found;
}
