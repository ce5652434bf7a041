import type { AgentService } from "./agent/agents.ts";
import type { ResolvedConfig } from "./config/config.ts";
import type { FileService } from "./file/file.ts";
import type { ProviderService } from "./provider/provider.ts";
import type { Path, Project } from "./schema/project.ts";
import type { Tool } from "./tool/tool.ts";

/** The services of one directory, made on first use and kept until disposed. */
export interface Instance extends AsyncDisposable {
  directory: string;
  project: Project;
  path: Path;
  config: ResolvedConfig;
  providers: ProviderService;
  agents: AgentService;
  files: FileService;
  tools: Tool[];
}
