import { and, eq, inArray, notInArray } from "drizzle-orm";
import type { Orm, Statement } from "../client.ts";
import { lease, server } from "../schema.ts";

export type ServerRow = typeof server.$inferSelect;

export async function listServers(orm: Orm): Promise<ServerRow[]> {
  return orm.select().from(server);
}

export function saveServer(orm: Orm, row: ServerRow): Statement {
  return orm.insert(server).values(row).onConflictDoUpdate({ target: server.id, set: row });
}

/** Forgets servers that are gone, save those whose leases nobody has taken over yet: what they left is still to be found by their names. */
export function eraseServers(orm: Orm, ids: string[]): Statement {
  return orm.delete(server).where(and(inArray(server.id, ids), notInArray(server.id, orm.select({ id: lease.serverID }).from(lease))));
}

export async function findLease(orm: Orm, sessionID: string): Promise<{ serverID: string; abort: boolean } | undefined> {
  return orm.select({ serverID: lease.serverID, abort: lease.abort }).from(lease).where(eq(lease.sessionID, sessionID)).get();
}

export async function listLeases(orm: Orm): Promise<{ sessionID: string; serverID: string; abort: boolean }[]> {
  return orm.select().from(lease);
}

/** Takes the lease if nobody holds it; changes no row otherwise. */
export function takeLease(orm: Orm, row: { sessionID: string; serverID: string }): Statement {
  return orm.insert(lease).values(row).onConflictDoNothing();
}

/** Takes the lease over from a dead server; changes no row if somebody else was quicker. */
export function takeOverLease(orm: Orm, change: { sessionID: string; from: string; to: string }): Statement {
  const held = and(eq(lease.sessionID, change.sessionID), eq(lease.serverID, change.from));
  return orm.update(lease).set({ serverID: change.to, abort: false }).where(held);
}

export function releaseLease(orm: Orm, holder: { sessionID: string; serverID: string }): Statement {
  return orm.delete(lease).where(and(eq(lease.sessionID, holder.sessionID), eq(lease.serverID, holder.serverID)));
}

/** Asks whichever server runs the session to stop. */
export function requestAbort(orm: Orm, sessionID: string): Statement {
  return orm.update(lease).set({ abort: true }).where(eq(lease.sessionID, sessionID));
}

/** The holder has done what it was asked. */
export function clearAbort(orm: Orm, sessionID: string): Statement {
  return orm.update(lease).set({ abort: false }).where(eq(lease.sessionID, sessionID));
}
