import type { Database } from "../../db/client.ts";
import { findProject, listProjects, saveProject } from "../../db/queries/project.ts";
import type { EventLog } from "../event/log.ts";
import { AppError } from "../schema/error.ts";
import type { Project, ProjectUpdate } from "../schema/project.ts";
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
  /** The project's own worktree, then its others that were seen. Throws ProjectNotFoundError for one this store has never seen. */
  directories(id: string): Promise<string[]>;
  /**
   * Changes what the user said about a project (name, icon, commands) and tells it as `project.updated`, in the name of the directory that asked. What is
   * left out stays, also within icon and commands. Throws ProjectNotFoundError for one this store has never seen.
   */
  update(id: string, changes: ProjectUpdate, directory: string): Promise<Project>;
}

export interface ProjectsOptions {
  database: Database;
  git: Git;
  log: Pick<EventLog, "append">;
}

/** `time.updated` says when a project was last used, to the minute: reading must not mean a write each time. */
const updateInterval = 60_000;

export function createProjects({ database, git, log }: ProjectsOptions): ProjectService {
  const locator = createLocator(git);
  const locate = async (directory: string): Promise<{ project: Project; worktree: string }> => {
    const location = await locator.locate(directory);
    const stored = await findProject(database.orm, location.id);
    const project = toProject(location, stored);
    if (isDue(stored, project)) await database.write([saveProject(database.orm, toStored(project))]);
    return { project, worktree: location.worktree };
  };
  const known = async (id: string): Promise<Project> => {
    const stored = await findProject(database.orm, id);
    if (stored !== undefined) return stored;
    throw new AppError("ProjectNotFoundError", `There is no project ${id}; GET /project lists those there are.`, { projectID: id });
  };
  return {
    locate,
    of: async (directory) => (await locate(directory)).project,
    list: () => listProjects(database.orm),
    async directories(id) {
      const { worktree, sandboxes } = await known(id);
      return [...new Set([worktree, ...sandboxes])];
    },
    async update(id, changes, directory) {
      const stored = await known(id);
      const project = changed(stored, changes);
      await log.append([{ type: "project.updated", properties: project }], { scope: { directory, projectID: id } });
      return project;
    },
  };
}

function changed(stored: Project, { name = stored.name, icon, commands }: ProjectUpdate): Project {
  return {
    ...stored,
    ...(name !== undefined && { name }),
    ...(icon && { icon: { ...stored.icon, ...icon } }),
    ...(commands && { commands: { ...stored.commands, ...commands } }),
    time: { ...stored.time, updated: Date.now() },
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
