import { tracesOf } from "../../db/queries/erased.ts";
import { findSession, listSessions } from "../../db/queries/session.ts";
import { listTodos } from "../../db/queries/todo.ts";
import type { Session, SessionStatus } from "../schema/session.ts";
import { pausedStatuses } from "./budget.ts";
import type { Removal } from "./bulk.ts";
import { createSession } from "./create.ts";
import { changed, editSession } from "./edit.ts";
import { prepareErasure } from "./forget.ts";
import { knownSession, ourSession } from "./known.ts";
import type { Leases } from "./lease.ts";
import type { SessionOptions } from "./options.ts";
import type { Runner } from "./runner.ts";
import type { SessionService } from "./session.ts";
import { scopeOf } from "./workspace.ts";

export { knownSession, ourSession } from "./known.ts";

type Catalogue = Pick<SessionService, "create" | "list" | "get" | "update" | "remove" | "children" | "status" | "todo"> & Removal;

/** Which sessions there are. */
export function createCatalogue(options: SessionOptions, { leases, runner }: { leases: Leases; runner: Runner }): Catalogue {
  const { log, database } = options;
  const { orm } = database;
  const statuses = followStatuses(options, runner);

  /** Resolves with the traces of what was erased. */
  async function remove(session: Session, onGone: (session: Session) => void = () => {}): Promise<string[]> {
    // First what could start further children.
    if (!(await runner.stop(session.id))) await leases.requestAbort(session.id);
    const traces: string[] = [];
    for (const child of await listSessions(orm, { parentID: session.id })) traces.push(...(await remove(child, onGone)));
    traces.push(...(await tracesOf(orm, session.id)));
    const erase = await prepareErasure(options, session);
    await log.append([{ type: "session.deleted", properties: { sessionID: session.id, info: session } }], { scope: scopeOf(session) });
    await erase();
    onGone(session);
    return traces;
  }

  async function wipe(ids: string[], traces: string[]): Promise<void> {
    if (!(await database.wipe(traces)))
      options.onError?.(new Error(`Copies of the deleted sessions ${ids.join(", ")} stay in the store's files until it is closed.`));
  }

  return {
    create: (directory, input) => createSession(options, directory, { input }),
    list: ({ directory, projectID, ...filter }) =>
      listSessions(orm, { ...filter, ...(projectID === undefined ? { directory } : { projectID }) }),
    get: (id) => knownSession(orm, id),
    update: (id, change) => editSession(options, id, (current) => changed(current, change)),
    async remove(id) {
      await wipe([id], await remove(await ourSession(options, id)));
    },
    async removeAll(ids) {
      const faults = new Map<string, unknown>();
      const traces: string[] = [];
      const gone = new Set<string>();
      const note = (session: Session) => gone.add(session.id);
      for (const id of ids) {
        // As a child of another one it may be gone already.
        if (gone.has(id)) continue;
        const found = await ourSession(options, id)
          .then((session) => remove(session, note))
          .catch((fault) => void faults.set(id, fault));
        traces.push(...(found ?? []));
      }
      if (traces.length > 0) await wipe(ids, traces);
      return faults;
    },
    async children(id) {
      await knownSession(orm, id);
      return listSessions(orm, { parentID: id });
    },
    async status(directory) {
      const running = await leases.held();
      const entries: [string, SessionStatus][] = [];
      for (const id of running.keys()) {
        const session = await findSession(orm, id);
        if (session && (directory === undefined || session.directory === directory))
          entries.push([id, statuses.get(id) ?? { type: "busy" }]);
      }
      return Object.fromEntries([...(await pausedStatuses(options, directory)), ...entries]);
    },
    async todo(id) {
      await ourSession(options, id);
      return listTodos(orm, id);
    },
  };
}

/** The last status each running session told of itself; idle ones are forgotten. What runs in a session that was deleted, perhaps on another server, ends. */
function followStatuses({ log, onError }: SessionOptions, runner: Runner): Map<string, SessionStatus> {
  const statuses = new Map<string, SessionStatus>();
  const entries = log.readOn({});
  const follow = async () => {
    for await (const { event } of entries) {
      if (event.type === "session.deleted") runner.stop(event.properties.sessionID).catch((error) => onError?.(error));
      if (event.type === "session.idle" || event.type === "session.deleted") statuses.delete(event.properties.sessionID);
      if (event.type === "session.status" && event.properties.status.type !== "idle")
        statuses.set(event.properties.sessionID, event.properties.status);
    }
  };
  follow().catch((error) => onError?.(error));
  return statuses;
}
