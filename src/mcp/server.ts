import { AppError } from "../schema/error.ts";
import type { MCPStatus } from "../schema/service.ts";
import { createBackoff, mostAttempts } from "./backoff.ts";
import type { Connection, ServerConfig } from "./connect.ts";
import { isUnauthorized, reasonOf } from "./failure.ts";
import { createLink } from "./link.ts";

/** One configured server: connected at most once at a time, and again when it was lost. */
export interface Server {
  name: string;
  config: ServerConfig;
  /** Milliseconds for one request. */
  timeout: number;
  /** Undefined while the first attempt is under way. */
  status(): MCPStatus | undefined;
  connection(): Connection | undefined;
  /** Resolves when no attempt is under way. */
  settled(): Promise<void>;
  /** Starts an attempt unless it is connected or one is under way. Resolves when that has ended; the status says how. */
  connect(): Promise<void>;
  /** Ends the connection or the attempt; nothing is left behind when it resolves. */
  disconnect(): Promise<void>;
  /** As `disconnect` and `connect`; only if `stale` is still the connection, when given. */
  reconnect(stale?: Connection): Promise<void>;
  /** The connection turned out to be dead: it is closed, and opened again after a while. */
  lost(connection: Connection, reason: string): void;
  /** The connection was refused what it asked for, and stays closed: its status says what is needed. */
  refused(connection: Connection, error: unknown): void;
}

export interface ServerOptions {
  name: string;
  config: ServerConfig;
  timeout: number;
  /** Milliseconds for a connection. */
  connectTimeout: number;
  /** Opens a connection; aborted by the signal. */
  open(events: { signal: AbortSignal; onLost(connection: Connection, reason: string | undefined): void }): Promise<Connection>;
  /** The status has changed. */
  onChange(): void;
  onError(error: unknown): void;
}

const givenUp = `It was started again ${mostAttempts} times.`;

export function createServer(options: ServerOptions): Server {
  const { name, config, timeout } = options;
  const backoff = createBackoff();
  let status: MCPStatus | undefined = config.enabled === false ? { status: "disabled" } : undefined;

  const link = createLink({
    open: (signal) => options.open({ signal, onLost: lose }),
    opened() {
      backoff.made();
      tell({ status: "connected" });
    },
    failed: (error) => tell(statusAfter(error, { config, timeout: options.connectTimeout })),
  });

  function tell(next: MCPStatus): void {
    status = next;
    options.onChange();
  }

  function lose(dead: Connection, reason = "It closed the connection."): void {
    if (!link.drop(dead)) return;
    const again = backoff.lost(() => connect().catch(options.onError));
    tell({ status: "failed", error: `${reason} ${again ? "It is being started again." : givenUp}` });
  }

  function connect(): Promise<void> {
    backoff.clear();
    return link.connect();
  }

  function end(): Promise<void> {
    backoff.reset();
    return link.end(new AppError("ServiceUnavailableError", `The MCP server "${name}" was disconnected.`));
  }

  return {
    ...{ name, config, timeout, connect, lost: lose },
    status: () => status,
    connection: link.current,
    settled: link.settled,
    refused(dead, error) {
      if (link.drop(dead)) tell(statusAfter(error, { config, timeout }));
    },
    async disconnect() {
      const ended = end();
      tell({ status: "disabled" });
      await ended;
    },
    async reconnect(stale) {
      const ended = stale === undefined || stale === link.current() ? end() : undefined;
      await Promise.all([ended, connect()]);
    },
  };
}

function statusAfter(error: unknown, { config, timeout }: { config: ServerConfig; timeout: number }): MCPStatus {
  if (error instanceof AppError && error.data.registration === false) return { status: "needs_client_registration", error: error.message };
  const takesLogin = config.type === "remote" && config.oauth !== false;
  return takesLogin && isUnauthorized(error) ? { status: "needs_auth" } : { status: "failed", error: reasonOf(error, { timeout }) };
}
