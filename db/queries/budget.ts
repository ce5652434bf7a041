import { and, eq, inArray } from "drizzle-orm";
import type { Orm, Statement } from "../client.ts";
import { pause, prompt, sessionCap } from "../schema.ts";

export type PauseRow = typeof pause.$inferSelect;

/** A cap set for one session: null: the configuration's holds; -1: none. */
export type SessionCap = Omit<typeof sessionCap.$inferSelect, "sessionID">;

export async function findSessionCap(orm: Orm, sessionID: string): Promise<SessionCap> {
  const row = await orm.select().from(sessionCap).where(eq(sessionCap.sessionID, sessionID)).get();
  return { tokens: row?.tokens ?? null, cost: row?.cost ?? null };
}

export function saveSessionCap(orm: Orm, sessionID: string, cap: SessionCap): Statement {
  return orm
    .insert(sessionCap)
    .values({ sessionID, ...cap })
    .onConflictDoUpdate({ target: sessionCap.sessionID, set: cap });
}

export async function findPause(orm: Orm, sessionID: string): Promise<PauseRow | undefined> {
  return orm.select().from(pause).where(eq(pause.sessionID, sessionID)).get();
}

/** The sessions that have reached a cap and in which prompts wait. */
export async function waitingPauses(orm: Orm): Promise<PauseRow[]> {
  const waits = and(eq(prompt.sessionID, pause.sessionID), inArray(prompt.status, ["queued", "claimed"]));
  return (await orm.selectDistinct({ row: pause }).from(pause).innerJoin(prompt, waits)).map(({ row }) => row);
}

export function savePause(orm: Orm, row: PauseRow): Statement {
  return orm.insert(pause).values(row).onConflictDoUpdate({ target: pause.sessionID, set: row });
}

export function erasePause(orm: Orm, sessionID: string): Statement {
  return orm.delete(pause).where(eq(pause.sessionID, sessionID));
}
