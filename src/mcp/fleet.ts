import { setTimeout as delay } from "node:timers/promises";
import { connect, type ServerConfig } from "./connect.ts";
import { serversEnded, unknownServer } from "./failure.ts";
import { createGuard, type Guard } from "./guard.ts";
import type { McpOptions } from "./mcp.ts";
import { createServer, type Server } from "./server.ts";

/** All servers of a directory, by name. */
export interface Fleet extends AsyncDisposable {
  list(): Server[];
  /** Throws McpServerNotFoundError. */
  get(name: string): Server;
  guardOf(server: Server): Guard | undefined;
  /** Adds or replaces a server; connects it unless it is disabled. */
  add(name: string, config: ServerConfig): Promise<void>;
  /** Starts the enabled servers when that has not happened yet. Resolves when their first attempts have ended, at the latest `patience` milliseconds after they began, and when the signal aborts. */
  settle(patience: number, signal?: AbortSignal): Promise<void>;
}

/** Milliseconds for a connection, for a request, and for which adding a server waits for it. */
const limits = { connect: 30_000, request: 60_000, add: 10_000 };

export function createFleet(options: McpOptions): Fleet {
  const servers = new Map<string, Server>();
  const guards = new Map<Server, Guard>();
  let beginning = 0;
  let first: Promise<unknown> | undefined;
  let disposed = false;

  for (const [name, config] of Object.entries(options.config.mcp ?? {})) if ("type" in config) register(name, config);

  function changed(name: string): void {
    if (!disposed) options.onChange(name);
  }

  function register(name: string, config: ServerConfig): Server {
    const { experimental } = options.config;
    const guard =
      config.type === "local" || config.oauth === false ? undefined : createGuard(config, options.logins({ name, url: config.url }));
    const onChange = () => changed(name);
    const connectTimeout = config.timeout ?? limits.connect;
    const server = createServer({
      name,
      config,
      timeout: config.timeout ?? experimental?.mcp_timeout ?? limits.request,
      connectTimeout,
      onChange,
      onError: options.onError,
      async open(events) {
        if (disposed) throw serversEnded();
        return connect({ ...options, ...events, config, guard, timeout: connectTimeout, onChange });
      },
    });
    servers.set(name, server);
    if (guard) guards.set(server, guard);
    return server;
  }

  function start(): Promise<unknown> {
    if (first !== undefined) return first;
    beginning = Date.now();
    first = Promise.all([...servers.values()].filter(isEnabled).map((server) => server.connect()));
    return first;
  }

  return {
    list: () => [...servers.values()],
    get(name) {
      const server = servers.get(name);
      if (server === undefined) throw unknownServer(name, [...servers.keys()]);
      return server;
    },
    guardOf: (server) => guards.get(server),
    async add(name, config) {
      await servers.get(name)?.disconnect();
      const server = register(name, config);
      if (isEnabled(server)) await unlessSlow(server.connect(), limits.add);
      else changed(name);
    },
    async settle(patience, signal) {
      const attempts = start();
      const left = beginning + patience - Date.now();
      if (left > 0) await unlessSlow(attempts, left, signal);
    },
    async [Symbol.asyncDispose]() {
      disposed = true;
      await Promise.all([...servers.values()].map((server) => server.disconnect()));
    },
  };
}

const isEnabled = ({ config }: Server): boolean => config.enabled !== false;

/** Resolves when the promise does, when so many milliseconds have passed, or when the signal aborts. */
async function unlessSlow(promise: Promise<unknown>, milliseconds: number, signal?: AbortSignal): Promise<void> {
  const over = new AbortController();
  const limit = delay(milliseconds, undefined, { signal: AbortSignal.any([over.signal, ...(signal ? [signal] : [])]) }).catch(() => {});
  await Promise.race([promise, limit]).finally(() => over.abort());
}
