import { dirname, join } from "node:path";
import { type AgentService, createAgents } from "./agent/agents.ts";
import { type CommandService, createCommands } from "./command/command.ts";
import { loadConfig, type Paths, type ResolvedConfig, type TrustStore, trustIn } from "./config/config.ts";
import type { EventLog, EventScope } from "./event/log.ts";
import { createFiles, type FileService, readIgnoreRules, readInstructions, topOf } from "./file/file.ts";
import { createMcp, type Logins, type McpOptions, type McpService } from "./mcp/mcp.ts";
import { createParts, type Parts } from "./parts.ts";
import type { ProjectService } from "./project/project.ts";
import { createProjectPrograms, type ProjectPrograms } from "./project-programs.ts";
import {
  type Cassette,
  type Credentials,
  createProviders,
  type LocalProviders,
  type ProviderLogins,
  type ProviderService,
} from "./provider/provider.ts";
import { proxiesOf } from "./proxy/proxy.ts";
import type { Config } from "./schema/config.ts";
import type { Path, Project } from "./schema/project.ts";
import { createSkills, type SkillService } from "./skill/skill.ts";
import { createSnapshots, type SnapshotOptions, type Snapshots } from "./snapshot/snapshot.ts";
import { builtinTools, captureCommand, endFamily } from "./tool/registry.ts";
import type { Tool } from "./tool/tool.ts";
import { createVcs, type Git, strangerGit, type VcsService } from "./vcs/vcs.ts";
import { createWatcher, type Watcher, type WatcherOptions } from "./watcher/watcher.ts";

/** The services of one directory, made on first use and kept until disposed. */
export interface Instance extends AsyncDisposable, ProjectPrograms {
  directory: string;
  project: Project;
  /** The root of the checkout that holds the directory; `/` outside git. */
  worktree: string;
  path: Path;
  config: ResolvedConfig;
  providers: ProviderService;
  agents: AgentService;
  files: FileService;
  vcs: VcsService;
  skills: SkillService;
  tools: Tool[];
  commands: CommandService;
  snapshots: Snapshots;
  mcp: McpService;
  /** Tells of changes of files, while somebody wants to know. */
  watcher: Watcher;
  /** What has to be ended, some of it taken over from an earlier instance. */
  parts: Parts;
  /** Text of the instruction files, read anew at each call. */
  instructions(): Promise<string[]>;
}

export interface InstanceOptions {
  /** Absolute, without symlinks. */
  directory: string;
  roots: string[];
  env: NodeJS.ProcessEnv;
  /** Of child processes, without the server's secrets. */
  environment: NodeJS.ProcessEnv;
  paths: Paths;
  trust: TrustStore;
  projects: ProjectService;
  credentials: Credentials;
  /** Logins at model providers, and keeping them fresh. */
  providerLogins: ProviderLogins;
  /** Logins at MCP servers. */
  logins: Logins;
  git: Git;
  /** Where snapshots go and who needs them. */
  snapshots: Pick<SnapshotOptions, "directory" | "exclude" | "store" | "environment" | "needed" | "onError">;
  log: Pick<EventLog, "publish">;
  version: string;
  /** Files and directories that the server itself writes. */
  own: string[];
  /** Told of failures nobody waits for. */
  onError(error: unknown): void;
  /** Finds local model servers, remembered for all directories. */
  fetchLocal?: () => Promise<LocalProviders>;
  /** Configuration that wins over every file. */
  overrides?: Config;
  /** Records what models say, or says it in their place. */
  cassette?: Cassette;
  /** The instance of the same directory under the configuration before. */
  earlier?: Pick<Instance, "parts">;
}

/** Throws ConfigInvalidError when a configuration file cannot be read as what it is. */
export async function createInstance(options: InstanceOptions): Promise<Instance> {
  const { directory, env, paths, overrides, roots, trust, git } = options;
  const { project, worktree } = await options.projects.locate(directory);
  const isTrusted = trustIn({ roots, worktree, store: trust });
  const config = await loadConfig({ directory, worktree, home: paths.home, env, isTrusted, overrides });
  const parts = createParts(options.earlier?.parts);
  const enabled = config.config.snapshot !== false;
  const repository = { projectID: project.id, worktree: worktree === "/" ? directory : worktree };
  const snapshots = parts.keep("snapshots", { enabled, ...repository }, () =>
    createSnapshots({ ...options.snapshots, ...repository, enabled }),
  );
  const { mcp: servers, experimental, lsp, formatter } = config.config;
  const scope = { directory, projectID: project.id };
  const mcp = parts.keep("mcp", [servers, experimental?.mcp_timeout], () =>
    createMcp(mcpOptions(options, { config: config.config, scope })),
  );
  const programs = parts.keep("programs", [lsp, formatter], () =>
    disposable(createProjectPrograms({ ...options, worktree, projectID: project.id, config: config.config, isTrusted })),
  );
  const skills = createSkills({
    directory,
    worktree,
    home: paths.home,
    config: paths.config,
    configured: config.config.skills?.paths ?? [],
    isTrusted,
    onProblem: options.onError,
  });
  const vcs = createVcs({ directory, git: isTrusted(worktree) ? git : strangerGit(git) });
  const watcher = parts.keep("watcher", config.config.watcher, () =>
    ended(createWatcher(watcherOptions(options, { config: config.config, scope, vcs, worktree }))),
  );
  return {
    formatters: programs.formatters,
    lsp: programs.lsp,
    parts,
    directory,
    project,
    worktree,
    path: { home: paths.home, state: paths.state, config: paths.config, worktree, directory },
    config,
    providers: providersOf(options, { config: config.config, worktree }),
    agents: createAgents({ config: config.config }),
    files: createFiles({ root: directory, worktree, changes: vcs.status }),
    vcs,
    skills,
    tools: builtinTools({ skills, web: { allowPrivate: env.CODEPORT_WEBFETCH_PRIVATE === "1", proxies: proxiesOf(env) } }),
    snapshots,
    commands: createCommands({
      config: config.config,
      worktree: worktree === "/" ? directory : worktree,
      sources: [mcp, skills],
      run: (command, signal) => captureCommand(command, { directory, environment: options.environment, signal }),
    }),
    mcp,
    watcher,
    instructions: () => instructionsOf(options, { config: config.config, worktree }),
    [Symbol.asyncDispose]: () => parts[Symbol.asyncDispose](),
  };
}

function instructionsOf(
  { directory, paths }: InstanceOptions,
  { config, worktree }: { config: Config; worktree: string },
): Promise<string[]> {
  const personal = [join(dirname(paths.config), "opencode"), paths.config];
  return readInstructions({ directory, worktree, home: paths.home, personal, configured: config.instructions ?? [] });
}

function ended(watcher: Watcher): Watcher & AsyncDisposable {
  return { ...watcher, [Symbol.asyncDispose]: async () => watcher[Symbol.dispose]() };
}

function disposable(programs: ProjectPrograms): ProjectPrograms & AsyncDisposable {
  return { ...programs, [Symbol.asyncDispose]: () => programs.lsp[Symbol.asyncDispose]() };
}

function providersOf(
  { directory, env, paths, credentials, providerLogins: logins, fetchLocal, cassette }: InstanceOptions,
  { config, worktree }: { config: Config; worktree: string },
): ProviderService {
  const alone = cassette?.replays ? { keyless: true, fetchLocal: async () => ({}) } : { fetchLocal };
  const providers = createProviders({ config, env, credentials, logins, catalogue: join(paths.config, "catalogue.json"), ...alone });
  return cassette?.over(providers, { directory, worktree, config }) ?? providers;
}

function watcherOptions(
  { directory, own, log, onError }: InstanceOptions,
  { config, scope, vcs, worktree }: { config: Config; scope: EventScope; vcs: VcsService; worktree: string },
): WatcherOptions {
  let last: Promise<string | undefined> | undefined;
  return {
    directory,
    own,
    ignore: config.watcher?.ignore ?? [],
    ignored: (at) => readIgnoreRules(topOf(directory, worktree), at),
    head() {
      last = vcs.branch();
      return vcs.head();
    },
    onChange: (properties) => log.publish({ type: "file.watcher.updated", properties }, scope),
    onHead() {
      const before = last;
      last = vcs.branch();
      Promise.all([before, last]).then(([was, branch]) => {
        if (was !== branch) log.publish({ type: "vcs.branch.updated", properties: { branch } }, scope);
      }, onError);
    },
    onProblem: onError,
  };
}

function mcpOptions(
  { directory, environment, version, logins, log, onError }: InstanceOptions,
  { config, scope }: { config: Config; scope: EventScope },
): McpOptions {
  return {
    config,
    directory,
    environment,
    version,
    logins,
    endProcess: (leader) => endFamily(leader, 1_000),
    onChange: (server) => log.publish({ type: "mcp.tools.changed", properties: { server } }, scope),
    onLogin: (mcpName, url) => log.publish({ type: "mcp.browser.open.failed", properties: { mcpName, url } }, scope),
    onError,
  };
}
