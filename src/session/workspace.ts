import type { AgentService } from "../agent/agents.ts";
import type { EventScope } from "../event/log.ts";
import type { ProviderService } from "../provider/provider.ts";
import type { Config } from "../schema/config.ts";
import type { Project } from "../schema/project.ts";
import type { Tool } from "../tool/tool.ts";

/** What a session needs of the directory it works in. */
export interface Workspace {
  directory: string;
  project: Project;
  config: { config: Config };
  agents: AgentService;
  providers: ProviderService;
  tools: Tool[];
  /** Text of the instruction files (AGENTS.md and those configured), read anew for each turn. */
  instructions(): Promise<string[]>;
}

/** Outside git a project's worktree is `/`: the boundary is then the directory itself. */
export function boundary(workspace: Pick<Workspace, "directory" | "project">): string {
  return workspace.project.worktree === "/" ? workspace.directory : workspace.project.worktree;
}

export function scopeOf(session: { directory: string; projectID: string }): EventScope {
  return { directory: session.directory, projectID: session.projectID };
}
