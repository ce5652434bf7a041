import { homedir } from "node:os";
import { posix, win32 } from "node:path";

/** Where this installation keeps things. Absolute; nothing is created. */
export interface Paths {
  home: string;
  config: string;
  data: string;
  state: string;
  cache: string;
  /** A libSQL URL or a file. */
  database: string;
  /** Stored provider credentials. */
  credentials: string;
  /** Directories the user trusts, one list for all servers. */
  trust: string;
  /** Full outputs of tools whose answer was cut. */
  output: string;
  /** Contents of files that sessions changed. */
  snapshots: string;
  /** What servers say about themselves, a file for each start. */
  logs: string;
}

export interface PathsOptions {
  env: NodeJS.ProcessEnv;
  home: string;
  platform: NodeJS.Platform;
}

/**
 * The XDG variables win on every platform; without them data, state and cache lie where the platform keeps such things.
 * Configuration stays under `~/.config` everywhere, because OpenCode's users have it there. `CODEPORT_DB` names the database.
 */
export function paths({ env, home, platform }: PathsOptions): Paths {
  const { join } = platform === "win32" ? win32 : posix;
  const base = platformBase({ env, home, platform });
  const data = join(env.XDG_DATA_HOME || base.data, "codeport");
  const state = join(env.XDG_STATE_HOME || base.state, "codeport");
  return {
    home,
    config: join(configHome({ env, home, platform }), "codeport"),
    data,
    state,
    cache: join(env.XDG_CACHE_HOME || base.cache, "codeport"),
    database: env.CODEPORT_DB || join(data, "codeport.db"),
    credentials: join(data, "auth.json"),
    trust: join(data, "trust.json"),
    output: join(data, "tool-output"),
    snapshots: join(data, "snapshot"),
    logs: join(state, "log"),
  };
}

/** The user's own directory. */
export function homeOf(env: NodeJS.ProcessEnv): string {
  return env.HOME ?? env.USERPROFILE ?? homedir();
}

function configHome({ env, home, platform }: PathsOptions): string {
  return env.XDG_CONFIG_HOME || (platform === "win32" ? win32 : posix).join(home, ".config");
}

function platformBase({ env, home, platform }: PathsOptions): { data: string; state: string; cache: string } {
  if (platform === "win32") {
    const local = env.LOCALAPPDATA || win32.join(home, "AppData", "Local");
    return { data: local, state: local, cache: win32.join(local, "cache") };
  }
  if (platform === "darwin") {
    const support = posix.join(home, "Library", "Application Support");
    return { data: support, state: support, cache: posix.join(home, "Library", "Caches") };
  }
  const local = posix.join(home, ".local");
  return { data: posix.join(local, "share"), state: posix.join(local, "state"), cache: posix.join(home, ".cache") };
}
