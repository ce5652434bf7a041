import { dirname, sep } from "node:path";
import {
  type ConfigWriter,
  explainConfig,
  globalTarget,
  loadConfig,
  loadGlobalConfig,
  type Paths,
  projectTarget,
  trustIn,
} from "./config/config.ts";
import type { EventLog } from "./event/log.ts";
import type { InstanceOptions } from "./instance.ts";
import type { Instances } from "./instances.ts";
import type { Config, ProviderConfig } from "./schema/config.ts";
import { AppError } from "./schema/error.ts";
import { parseModel } from "./schema/prompt.ts";
import type { ConfigSetting } from "./schema/setting.ts";
import type { SessionService } from "./session/session.ts";

/** Changes of the configuration, and ending what was made from it. */
export interface Settings {
  /**
   * Changes the configuration of a directory, in the project's own file, and gives what holds from now on. Running turns keep what they began with.
   * Throws BadRequest, ConfigInvalidError, ConflictError for a change without effect, ForbiddenError; nothing is written then.
   */
  update(directory: string, patch: Config): Promise<Config>;
  /** What holds in the directory, setting by setting, with the file or variable that decides it. Without secret values. */
  explain(directory: string): Promise<ConfigSetting[]>;
  addProvider(directory: string, provider: ProviderConfig & { id: string }): Promise<Config>;
  /** Throws ProviderModelNotFoundError for a model that is not known there. */
  chooseModel(directory: string, model: string): Promise<Config>;
  /** The user's own configuration, which holds in every directory. */
  global(): Promise<Config>;
  updateGlobal(patch: Config): Promise<Config>;
  /** Aborts what this server runs in the directory, ends its services and says so; the next call makes them anew. */
  dispose(directory: string): Promise<void>;
  disposeAll(): Promise<void>;
}

export interface SettingsOptions extends Pick<InstanceOptions, "roots" | "env" | "overrides" | "trust"> {
  paths: Paths;
  instances: Instances;
  writer: ConfigWriter;
  sessions: Pick<SessionService, "stopIn">;
  log: Pick<EventLog, "publish">;
}

export function createSettings(options: SettingsOptions): Settings {
  const { instances, writer, env, paths, log } = options;
  const place = { env, home: paths.home };

  async function whole(path: string) {
    const { directory, worktree } = await instances.of(path);
    const isTrusted = trustIn({ roots: options.roots, worktree, store: options.trust });
    return { ...place, directory, worktree, isTrusted, overrides: options.overrides };
  }

  async function update(path: string, patch: Config): Promise<Config> {
    const all = await whole(path);
    const { directory } = all;
    const isOurs = (file: string) => isBelow(file, options.roots);
    const file = projectTarget(all, isOurs);
    const load = (draft?: Parameters<typeof loadConfig>[0]["draft"]) => loadConfig({ ...all, draft });
    const { written } = await writer.write({ file, load, isOurs }, patch);
    if (written) instances.renew((concerned) => isBelow(concerned, [projectOf(file)]));
    return (await instances.of(directory)).config.config;
  }

  async function dispose(directory: string): Promise<void> {
    const { project } = await instances.of(directory);
    await instances.dispose(directory, () => options.sessions.stopIn(directory));
    log.publish({ type: "server.instance.disposed", properties: { directory } }, { directory, projectID: project.id });
  }

  return {
    update,
    explain: async (path) => explainConfig(await whole(path)),
    addProvider: (directory, { id, ...provider }) => update(directory, { provider: { [id]: provider } }),
    async chooseModel(directory, model) {
      const ref = parseModel(model);
      if (ref === undefined) throw new AppError("BadRequest", `model: is written provider/model, not "${model}".`, { field: "model" });
      await (await instances.of(directory)).providers.known(ref);
      return update(directory, { model });
    },
    global: async () => (await loadGlobalConfig(place)).config,
    async updateGlobal(patch) {
      const load = (draft?: Parameters<typeof loadConfig>[0]["draft"]) => loadGlobalConfig({ ...place, draft });
      const { written, resolved } = await writer.write({ file: globalTarget(place), load, isOurs: () => true }, patch);
      if (written) instances.renew(() => true);
      return resolved.config;
    },
    dispose: async (path) => dispose((await instances.of(path)).directory),
    async disposeAll() {
      for (const directory of instances.list()) await dispose(directory);
      log.publish({ type: "global.disposed", properties: {} });
    },
  };
}

/** The directory a project file speaks for: that of the file, or the one around its `.opencode`. */
function projectOf(file: string): string {
  const folder = dirname(file);
  return folder.endsWith(`${sep}.opencode`) ? dirname(folder) : folder;
}

function isBelow(path: string, directories: string[]): boolean {
  return directories.some((directory) => path === directory || path.startsWith(directory.endsWith(sep) ? directory : directory + sep));
}
