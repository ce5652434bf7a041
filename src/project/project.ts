import type { Project } from "../schema/project.ts";

/** Projects: which repository a directory belongs to. */
export interface ProjectService {
  /** The project of a directory, made and stored on first sight. Id: hash of the repository's first root commit; outside git `"global"` with worktree `/`. */
  of(directory: string): Promise<Project>;
  /** All projects seen by this store, most recently used first. */
  list(): Promise<Project[]>;
}
