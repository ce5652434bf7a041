import type { Database } from "../../db/client.ts";
import {
  clearAbort,
  eraseServers,
  findLease,
  listLeases,
  listServers,
  releaseLease,
  requestAbort,
  type ServerRow,
  saveServer,
  takeLease,
  takeOverLease,
} from "../../db/queries/lease.ts";
import { describeProcess, isAlive } from "./process.ts";

/**
 * Leases: a session is run by one server at a time. A lease lasts until it is given back or its server is found dead; whoever
 * takes it over from a dead server must recover the session before running it. Commits of a turn carry the lease as a fence.
 */
export interface Leases {
  /** `taken`, `recover` (taken from a dead server), or `held` by another living one. */
  take(sessionID: string): Promise<"taken" | "recover" | "held">;
  /** Gives the lease back, whatever is queued. A run that ends by itself gives it back in the commit that says so. */
  release(sessionID: string): Promise<void>;
  /** Asks the holder, whichever server that is, to stop. */
  requestAbort(sessionID: string): Promise<void>;
  /** Sessions this server holds and was asked to stop. */
  abortRequests(): Promise<string[]>;
  /** The stop asked for was done. */
  acknowledgeAbort(sessionID: string): Promise<void>;
  /** Sessions somebody runs, by the server that does. */
  held(): Promise<Map<string, string>>;
  /** Sessions whose server is dead, and the dead servers. `local`: the servers of this machine, by their fate. */
  orphans(): Promise<{ sessions: string[]; servers: string[]; local: { dead: ServerRow[]; living: ServerRow[] } }>;
  /** Forgets those that hold no lease any more. */
  forget(servers: string[]): Promise<void>;
  beat(): Promise<void>;
}

/** Signs the server on. */
export async function createLeases({ database, serverID }: { database: Database; serverID: string }): Promise<Leases> {
  const { orm } = database;
  const self = await describeProcess(serverID);
  const beat = async () => {
    await database.write([saveServer(orm, { ...self, seen: Date.now() })]);
  };
  await beat();

  async function living(): Promise<{ alive: Set<string>; servers: ServerRow[] }> {
    const servers = await listServers(orm);
    const alive = await Promise.all(servers.map(async (server) => ((await isAlive(server)) ? [server.id] : [])));
    return { alive: new Set(alive.flat()), servers };
  }

  async function changed(statement: Parameters<Database["write"]>[0][number]): Promise<boolean> {
    const [result] = await database.write([statement]);
    return (result?.rowsAffected ?? 0) > 0;
  }

  async function take(sessionID: string): Promise<"taken" | "recover" | "held"> {
    if (await changed(takeLease(orm, { sessionID, serverID }))) return "taken";
    const lease = await findLease(orm, sessionID);
    if (lease === undefined) return take(sessionID);
    if (lease.serverID === serverID) return "taken";
    if ((await living()).alive.has(lease.serverID)) return "held";
    return (await changed(takeOverLease(orm, { sessionID, from: lease.serverID, to: serverID }))) ? "recover" : take(sessionID);
  }

  return {
    take,
    async release(sessionID) {
      await database.write([releaseLease(orm, { sessionID, serverID })]);
    },
    async requestAbort(sessionID) {
      await database.write([requestAbort(orm, sessionID)]);
    },
    async abortRequests() {
      return (await listLeases(orm)).filter((lease) => lease.abort && lease.serverID === serverID).map((lease) => lease.sessionID);
    },
    async acknowledgeAbort(sessionID) {
      await database.write([clearAbort(orm, sessionID)]);
    },
    held: async () => new Map((await listLeases(orm)).map((lease) => [lease.sessionID, lease.serverID])),
    async orphans() {
      const { alive, servers } = await living();
      const sessions = (await listLeases(orm)).filter((lease) => !alive.has(lease.serverID)).map((lease) => lease.sessionID);
      const dead = servers.filter((server) => !alive.has(server.id));
      const here = servers.filter(({ host }) => host === self.host);
      const local = { dead: here.filter(({ id }) => !alive.has(id)), living: here.filter(({ id }) => alive.has(id)) };
      return { sessions, servers: dead.map(({ id }) => id), local };
    },
    async forget(servers) {
      if (servers.length > 0) await database.write([eraseServers(orm, servers)]);
    },
    beat,
  };
}

/** Whether a server that shares the store still runs. */
export async function isServerAlive(database: Database, id: string): Promise<boolean> {
  const server = (await listServers(database.orm)).find((row) => row.id === id);
  return server !== undefined && isAlive(server);
}

/** Signs the server off: what it left from here on nobody looks for. */
export async function signOff({ database, serverID }: { database: Database; serverID: string }): Promise<void> {
  await database.write([eraseServers(database.orm, [serverID])]);
}
