import type { Database } from "../../db/client.ts";
import { findProject, listProjects, saveProject } from "../../db/queries/project.ts";
import type { Project } from "../schema/project.ts";
import type { Git } from "../vcs/vcs.ts";
import { createLocator, globalID, type Location } from "./locate.ts";

/** Projects: which repository a directory belongs to. */
export interface ProjectService {
  /**
   * The project of a directory, made and stored on first sight. Id: hash of the repository's first root commit; outside git `"global"` with worktree `/`.
   * A repository without commits answers with id `"global"` and its own root as worktree, as in OpenCode. Throws NotFoundError when the directory does not exist.
   */
  of(directory: string): Promise<Project>;
  /** The same, and the root of the checkout that holds the directory: in a linked worktree it differs from the project's, which is the main one. */
  locate(directory: string): Promise<{ project: Project; worktree: string }>;
  /** All projects seen by this store, most recently used first. */
  list(): Promise<Project[]>;
}

/** `time.updated` says when a project was last used, to the minute: reading must not mean a write each time. */
const updateInterval = 60_000;

export function createProjects({ database, git }: { database: Database; git: Git }): ProjectService {
  const locator = createLocator(git);
  const locate = async (directory: string): Promise<{ project: Project; worktree: string }> => {
    const location = await locator.locate(directory);
    const stored = await findProject(database.orm, location.id);
    const project = toProject(location, stored);
    if (isDue(stored, project)) await database.write([saveProject(database.orm, toStored(project))]);
    return { project, worktree: location.worktree };
  };
  return {
    locate,
    of: async (directory) => (await locate(directory)).project,
    list: () => listProjects(database.orm),
  };
}

/** What the user gave the project (name, icon, commands) comes from the store, where it lies from git. */
function toProject(location: Location, stored: Project | undefined): Project {
  const now = Date.now();
  const updated = stored !== undefined && now - stored.time.updated < updateInterval ? stored.time.updated : now;
  const { vcs: _, ...kept } = stored ?? {};
  return {
    ...kept,
    id: location.id,
    worktree: location.main,
    ...(location.vcs && { vcs: location.vcs }),
    time: { created: now, ...stored?.time, updated },
    sandboxes: location.others,
  };
}

/** Two clones of a repository are one project: each answers with its own place, the store keeps the one used last. */
function isDue(stored: Project | undefined, project: Project): boolean {
  return stored === undefined || stored.time.updated !== project.time.updated;
}

/** The global project is nobody's repository, whichever directory brought it up. */
function toStored(project: Project): Project {
  if (project.id !== globalID) return project;
  const { vcs: _, ...rest } = project;
  return { ...rest, worktree: "/", sandboxes: [] };
}
