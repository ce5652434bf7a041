import { findProjects } from "../../db/queries/project.ts";
import { listSessions, type SessionFilter } from "../../db/queries/session.ts";
import type { Project } from "../schema/project.ts";
import type { Session } from "../schema/session.ts";
import type { ListedSession, ProjectSummary, SessionPage } from "../schema/session-list.ts";
import { decodeCursor, encodeCursor } from "./cursor.ts";
import type { SessionOptions } from "./options.ts";
import type { SessionService } from "./session.ts";
import { createStates } from "./state.ts";

/** Of a list over all directories. */
export interface AllQuery extends Pick<SessionFilter, "projectID" | "roots" | "start" | "search" | "archived" | "tags"> {
  /** In each list one must be or hold the session's directory. */
  within: readonly (readonly string[])[];
  /** Only sessions that are not at rest: busy, retrying, or waiting for an answer. */
  active?: boolean;
  limit: number;
  cursor?: string;
}

/** The sessions of all directories, page by page. */
export function createLists(options: SessionOptions, service: Pick<SessionService, "status">): Pick<SessionService, "all"> {
  const { orm } = options.database;
  const states = createStates(options, service);
  return {
    async all({ active, cursor, limit, ...filter }): Promise<SessionPage> {
      const after = cursor === undefined ? undefined : placeOf(cursor);
      const now = await states.now();
      const ids = active ? { ids: now.active() } : {};
      if (ids.ids?.length === 0) return { items: [] };
      const found = await listSessions(orm, {
        ...filter,
        ...ids,
        after,
        limit: limit + 1,
      });
      const page = found.slice(0, limit);
      const last = page.at(-1);
      const [stated, projects] = await Promise.all([now.of(page), projectsOf(page)]);
      return {
        items: page.map(
          (session): ListedSession => ({ ...session, project: projects.get(session.projectID) ?? null, state: stated(session) }),
        ),
        ...(found.length > limit && last && { cursor: encodeCursor([last.time.updated, last.id]) }),
      };
    },
  };

  async function projectsOf(sessions: Session[]): Promise<Map<string, ProjectSummary>> {
    const projects = await findProjects(orm, [...new Set(sessions.map(({ projectID }) => projectID))]);
    return new Map(projects.map((project) => [project.id, summaryOf(project)]));
  }
}

function summaryOf({ id, name, worktree }: Project): ProjectSummary {
  return { id, worktree, ...(name !== undefined && { name }) };
}

function placeOf(cursor: string): { updated: number; id: string } {
  const [updated, id] = decodeCursor(cursor, ["number", "string"]);
  return { updated: Number(updated), id: String(id) };
}
