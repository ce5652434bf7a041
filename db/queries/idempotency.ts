import { and, eq, lt, or, sql } from "drizzle-orm";
import type { Orm, Statement } from "../client.ts";
import { idempotency } from "../schema.ts";

export type KeyedCall = typeof idempotency.$inferSelect;
export type CallName = Pick<KeyedCall, "principal" | "procedure" | "key">;

const named = ({ principal, procedure, key }: CallName) =>
  and(eq(idempotency.principal, principal), eq(idempotency.procedure, procedure), eq(idempotency.key, key));

export async function findCall(orm: Orm, name: CallName): Promise<KeyedCall | undefined> {
  return orm.select().from(idempotency).where(named(name)).get();
}

/** Changes no row where the key was used before. */
export function beginCall(orm: Orm, row: Omit<KeyedCall, "effect" | "answer" | "withheld" | "bytes">): Statement {
  return orm.insert(idempotency).values(row).onConflictDoNothing();
}

/** Takes over what nobody does any more; changes no row if somebody else was quicker. */
export function takeOverCall(orm: Orm, name: CallName, change: { from: string; to: string }): Statement {
  const abandoned = and(named(name), eq(idempotency.status, "running"), eq(idempotency.serverID, change.from));
  return orm.update(idempotency).set({ serverID: change.to }).where(abandoned);
}

/** Marks that something is committed for the call. */
export function markEffect(orm: Orm, name: CallName): Statement {
  return orm.update(idempotency).set({ effect: true }).where(named(name));
}

export function endCall(orm: Orm, name: CallName, end: Pick<KeyedCall, "answer" | "withheld" | "bytes" | "sessionID">): Statement {
  return orm
    .update(idempotency)
    .set({ status: "done", ...end })
    .where(named(name));
}

/** Nobody does it any more, and nobody has done it. */
export function abandonCall(orm: Orm, name: CallName): Statement {
  return orm.update(idempotency).set({ serverID: "" }).where(named(name));
}

export function eraseCall(orm: Orm, name: CallName): Statement {
  return orm.delete(idempotency).where(named(name));
}

/** What was answered about a session that is erased goes with it; that it was answered stays. */
export function withholdAnswers(orm: Orm, sessionID: string): Statement {
  return orm.update(idempotency).set({ answer: null, withheld: "erased", bytes: 0 }).where(eq(idempotency.sessionID, sessionID));
}

/** Forgets calls that began before a moment (epoch ms), and the oldest beyond a count and a sum of bytes. */
export function forgetCalls(orm: Orm, most: { before: number; count: number; bytes: number }): Statement {
  const beyond = sql`rowid in (select row from (
    select rowid as row, sum(${idempotency.bytes}) over newest as total, row_number() over newest as number from ${idempotency}
    where ${idempotency.status} = 'done' window newest as (order by ${idempotency.created} desc, rowid desc)
  ) where total > ${most.bytes} or number > ${most.count})`;
  return orm.delete(idempotency).where(or(lt(idempotency.created, most.before), beyond));
}
