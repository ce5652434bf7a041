import { findSession, listSessions } from "../../db/queries/session.ts";
import { listTodos } from "../../db/queries/todo.ts";
import type { SessionStatus } from "../schema/session.ts";
import { pausedStatuses } from "./budget.ts";
import { createSession } from "./create.ts";
import { changed, editSession } from "./edit.ts";
import { knownSession, ourSession } from "./known.ts";
import type { Leases } from "./lease.ts";
import type { SessionOptions } from "./options.ts";
import { createRemoval, type Removal } from "./remove.ts";
import type { Runner } from "./runner.ts";
import type { SessionService } from "./session.ts";

export { knownSession, ourSession } from "./known.ts";

type Catalogue = Pick<SessionService, "create" | "list" | "get" | "update" | "children" | "status" | "todo"> & Removal;

/** Which sessions there are. */
export function createCatalogue(options: SessionOptions, { leases, runner }: { leases: Leases; runner: Runner }): Catalogue {
  const { orm } = options.database;
  const statuses = followStatuses(options, runner);

  return {
    create: (directory, input) => createSession(options, directory, { input }),
    list: ({ directory, projectID, ...filter }) =>
      listSessions(orm, { ...filter, ...(projectID === undefined ? { directory } : { projectID }) }),
    get: (id) => knownSession(orm, id),
    update: (id, change) => editSession(options, id, (current) => changed(current, change)),
    ...createRemoval(options, { leases, runner }),
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
