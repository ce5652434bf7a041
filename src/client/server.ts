import type { ConfigGiven } from "./api.gen.ts";

/** What `codeport/server` promises; the code is the server's own (`src/cli/embed.ts`), and nothing of it is named here. */

export interface ServerOptions {
  /** Where it works; the current directory unless told. */
  directory?: string;
  /** Any free one unless told. */
  port?: number;
  /** `127.0.0.1` unless told; beyond this machine it needs a password. */
  hostname?: string;
  /** What callers must show, with the name `username`; none unless told, whatever the environment says. */
  password?: string;
  /** `opencode` unless told. */
  username?: string;
  /** Laid over the configuration files. */
  config?: ConfigGiven;
  /** A libSQL URL or a file; the data directory's own unless told. */
  database?: string;
  /** Further directories that requests may work in. */
  roots?: string[];
  /** Further browser origins that may call. */
  cors?: string[];
  /** Prefix of every address. */
  basePath?: string;
  /** Laid over the environment of this process: `{ XDG_DATA_HOME: "/tmp/data" }`. */
  environment?: Record<string, string>;
}

/** `await using server = await startServer()` stops it at the end of the block. */
export interface RunningServer extends AsyncDisposable {
  /** For `createClient({ url })`. */
  url: string;
  port: number;
  /** Ends it in order: running turns are interrupted, and whoever waits for one is answered. */
  close(): Promise<void>;
}

export interface SpawnedServer extends RunningServer {
  pid: number;
}

/** Starts a server in this process. Throws Error for a port, a directory, a store or a configuration that cannot be used. */
export declare const startServer: (options?: ServerOptions) => Promise<RunningServer>;

/** Starts a server as a process of its own, which ends with this one. Throws Error, with what it said, when it does not come to listen. */
export declare const spawnServer: (options?: ServerOptions) => Promise<SpawnedServer>;
