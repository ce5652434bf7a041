import type { AgentService } from "../agent/agents.ts";
import type { CommandService } from "../command/command.ts";
import type { EventScope } from "../event/log.ts";
import type { Formatters } from "../format/format.ts";
import type { LanguageServers } from "../lsp/lsp.ts";
import type { McpService } from "../mcp/mcp.ts";
import type { ProviderService } from "../provider/provider.ts";
import type { Config } from "../schema/config.ts";
import type { Project } from "../schema/project.ts";
import type { SkillService } from "../skill/skill.ts";
import type { Snapshots } from "../snapshot/snapshot.ts";
import type { Tool } from "../tool/tool.ts";

/** What a session needs of the directory it works in. */
export interface Workspace {
  directory: string;
  project: Project;
  /** The root of the checkout that holds the directory; `/` outside git. */
  worktree: string;
  config: { config: Config };
  agents: AgentService;
  providers: ProviderService;
  skills: Pick<SkillService, "list">;
  tools: Tool[];
  commands: Pick<CommandService, "render" | "action">;
  formatters: Pick<Formatters, "format">;
  lsp: Pick<LanguageServers, "check" | "touch">;
  mcp: Pick<McpService, "ready" | "tools" | "readResource">;
  snapshots: Snapshots;
  vcs: { branch(): Promise<string | undefined> };
  /** Text of the instruction files (AGENTS.md and those configured), read anew for each turn. */
  instructions(): Promise<string[]>;
}

/** Outside git the worktree is `/`: the boundary is then the directory itself. */
export function boundary(workspace: Pick<Workspace, "directory" | "worktree">): string {
  return workspace.worktree === "/" ? workspace.directory : workspace.worktree;
}

export function scopeOf({ id, directory, projectID }: { id: string; directory: string; projectID: string }): EventScope {
  return { directory, projectID, sessionID: id };
}
