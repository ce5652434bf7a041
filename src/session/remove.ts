import { setImmediate } from "node:timers/promises";
import type { Statement } from "../../db/client.ts";
import { tracesOf } from "../../db/queries/erased.ts";
import { findSessions, listSessions } from "../../db/queries/session.ts";
import { begunErasures, eraseSome, hasMoreParts, noteErasure } from "../../db/queries/upkeep.ts";
import type { Session } from "../schema/session.ts";
import { prepareErasure } from "./forget.ts";
import { ourSession } from "./known.ts";
import type { Leases } from "./lease.ts";
import type { SessionOptions } from "./options.ts";
import type { Runner } from "./runner.ts";
import { scopeOf } from "./workspace.ts";

export interface Removal {
  /** Ends and erases a session and its children. Throws as `SessionService.remove`. */
  remove(id: string): Promise<void>;
  /** Ends and erases the sessions; resolves with what failed, by id. `record`: what is committed with each, children too. */
  removeAll(ids: string[], record?: (session: Session) => Statement[]): Promise<Map<string, unknown>>;
  /** Goes on with erasures that a server began and did not end. */
  finishRemovals(): Promise<void>;
}

interface Removing {
  onGone?: (session: Session) => void;
  record?: (session: Session) => Statement[];
}

/** Sessions with more parts are erased in pieces: a thousand parts take SQLite tens of milliseconds, in which nothing else happens. */
const fewParts = 200;

export function createRemoval(options: SessionOptions, { leases, runner }: { leases: Leases; runner: Runner }): Removal {
  const { log, database } = options;
  const { orm } = database;

  /** Resolves with the traces of what was erased. */
  async function erase(session: Session, removing: Removing = {}): Promise<string[]> {
    // First what could start further children.
    if (!(await runner.stop(session.id))) await leases.requestAbort(session.id);
    const traces: string[] = [];
    for (const child of await listSessions(orm, { parentID: session.id })) traces.push(...(await erase(child, removing)));
    traces.push(...(await tracesOf(orm, session.id)));
    const eraseFiles = await prepareErasure(options, session);
    await eraseInPieces(session.id);
    const append = { scope: scopeOf(session), writes: removing.record?.(session) };
    await log.append([{ type: "session.deleted", properties: { sessionID: session.id, info: session } }], append);
    await eraseFiles();
    removing.onGone?.(session);
    return traces;
  }

  /** The note outlives the server: what it leaves half done, another one goes on with. */
  async function eraseInPieces(sessionID: string): Promise<void> {
    if (!(await hasMoreParts(orm, sessionID, fewParts))) return;
    await database.write([noteErasure(orm, sessionID)]);
    for (;;) {
      const results = await database.write(eraseSome(orm, sessionID));
      if (results.every(({ rowsAffected }) => rowsAffected === 0)) return;
      await setImmediate();
    }
  }

  async function wipe(ids: string[], traces: string[]): Promise<void> {
    if (!(await database.wipe(traces)))
      options.onError?.(new Error(`Copies of the deleted sessions ${ids.join(", ")} stay in the store's files until it is closed.`));
  }

  const remove = async (id: string): Promise<void> => wipe([id], await erase(await ourSession(options, id)));

  return {
    remove,
    async removeAll(ids, record) {
      const faults = new Map<string, unknown>();
      const traces: string[] = [];
      const gone = new Set<string>();
      const removing = { record, onGone: (session: Session) => void gone.add(session.id) };
      for (const id of ids) {
        // As a child of another one it may be gone already.
        if (gone.has(id)) continue;
        const found = await ourSession(options, id)
          .then((session) => erase(session, removing))
          .catch((fault) => void faults.set(id, fault));
        traces.push(...(found ?? []));
      }
      if (traces.length > 0) await wipe(ids, traces);
      return faults;
    },
    async finishRemovals() {
      const begun = await findSessions(orm, await begunErasures(orm));
      for (const { id, directory } of begun) if (options.serves(directory)) await remove(id);
    },
  };
}
