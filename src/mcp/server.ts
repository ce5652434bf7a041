import { AppError } from "../schema/error.ts";
import type { MCPStatus } from "../schema/service.ts";
import { createBackoff, mostAttempts } from "./backoff.ts";
import type { Connection, ServerConfig } from "./connect.ts";
import { isUnauthorized, reasonOf } from "./failure.ts";

/** One configured server: connected at most once at a time, and again when it was lost. */
export interface Server {
  name: string;
  config: ServerConfig;
  /** Milliseconds for one request. */
  timeout: number;
  /** Undefined while the first attempt is under way. */
  status(): MCPStatus | undefined;
  connection(): Connection | undefined;
  /** Starts an attempt unless it is connected or one is under way. Resolves when that has ended; the status says how. */
  connect(): Promise<void>;
  /** Ends the connection or the attempt; nothing is left behind when it resolves. */
  disconnect(): Promise<void>;
  /** As `disconnect` and `connect`; only if `stale` is still the connection, when given. */
  reconnect(stale?: Connection): Promise<void>;
  /** The connection turned out to be dead: it is closed, and opened again after a while. */
  lost(connection: Connection, reason: string): void;
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

export function createServer(options: ServerOptions): Server {
  const { name, config, timeout } = options;
  const backoff = createBackoff();
  let status: MCPStatus | undefined = config.enabled === false ? { status: "disabled" } : undefined;
  let connection: Connection | undefined;
  let attempt: Promise<void> | undefined;
  let closing: Promise<void> = Promise.resolve();
  let ends = new AbortController();

  function tell(next: MCPStatus): void {
    status = next;
    options.onChange();
  }

  async function open(signal: AbortSignal): Promise<void> {
    try {
      const opened = await options.open({ signal, onLost: lose });
      if (signal.aborted) return await opened.close();
      connection = opened;
      backoff.made();
      tell({ status: "connected" });
    } catch (error) {
      if (!signal.aborted) tell(statusAfter(error, { config, timeout: options.connectTimeout }));
    }
  }

  function lose(dead: Connection, reason = "It closed the connection."): void {
    if (connection !== dead) return;
    connection = undefined;
    closing = dead.close();
    const again = backoff.lost(() => connect().catch(options.onError));
    tell({ status: "failed", error: `${reason} ${again ? "It is being started again." : `It was started ${mostAttempts} times.`}` });
  }

  function connect(): Promise<void> {
    backoff.clear();
    if (connection) return Promise.resolve();
    const { signal } = ends;
    attempt ??= closing.then(() => open(signal));
    const mine = attempt;
    return mine.finally(() => {
      if (attempt === mine) attempt = undefined;
    });
  }

  /** Takes effect at once; the promise is for what has to end. */
  function end(): Promise<void> {
    backoff.reset();
    ends.abort(new AppError("ServiceUnavailableError", `The MCP server "${name}" was disconnected.`));
    ends = new AbortController();
    closing = Promise.all([closing, attempt, connection?.close()]).then(() => {});
    attempt = undefined;
    connection = undefined;
    return closing;
  }

  return {
    ...{ name, config, timeout, connect, lost: lose },
    status: () => status,
    connection: () => connection,
    async disconnect() {
      const ended = end();
      tell({ status: "disabled" });
      await ended;
    },
    async reconnect(stale) {
      if (stale === undefined || stale === connection) await end();
      await connect();
    },
  };
}

function statusAfter(error: unknown, { config, timeout }: { config: ServerConfig; timeout: number }): MCPStatus {
  if (error instanceof AppError && error.data.registration === false) return { status: "needs_client_registration", error: error.message };
  const takesLogin = config.type === "remote" && config.oauth !== false;
  return takesLogin && isUnauthorized(error) ? { status: "needs_auth" } : { status: "failed", error: reasonOf(error, { timeout }) };
}
