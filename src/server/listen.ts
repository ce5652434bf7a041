import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerOptions } from "node:http";
import { isIPv6, type Socket } from "node:net";
import { networkInterfaces } from "node:os";
import type { AnyRouter } from "@trpc/server";
import type { App } from "../app.ts";
import { readBasePath } from "../schema/base-path.ts";
import { AppError } from "../schema/error.ts";
import { type Limits, limitsOf } from "../schema/limits.ts";
import { createAuth } from "./auth.ts";
import { type Address, bind } from "./bind.ts";
import type { Host } from "./exchange.ts";
import { createGrants } from "./grants.ts";
import { createRequestListener } from "./http.ts";
import { lazySockets } from "./lazy-sockets.ts";
import { createQuota } from "./quota.ts";
import { maxHeaderSize, refuseTunnel, refuseUnreadable } from "./raw.ts";
import type { Sockets } from "./socket.ts";
import { type Certificate, createTlsServer } from "./tls.ts";
import { createUpgradeListener } from "./upgrade.ts";
import { createWalls, isLoopback } from "./walls.ts";

export interface ListenOptions extends Address {
  router: AnyRouter;
  /** An empty one is none. */
  password?: string;
  /** `opencode` unless told. */
  username?: string;
  /** Lets a bind that other machines reach do without a password. */
  unsafeNoPassword?: boolean;
  /** Origins allowed beside the defaults. */
  cors: string[];
  /** Speaks TLS with this certificate. */
  tls?: Certificate;
  /** Names of this server beside its addresses. */
  allowedHosts: string[];
  /** `/code`: everything lives under it. */
  basePath?: string;
  /** Bytes; 32 MiB unless told. */
  maxBody?: number;
  /** Milliseconds between heartbeats on event streams; 10 s unless told. */
  heartbeat?: number;
  /** Milliseconds between pings of a WebSocket, by which those who are gone are found; 30 s unless told. */
  ping?: number;
  /** Milliseconds after which a reader of an event stream that takes nothing is cut off; 60 s unless told. Longer than the heartbeat. */
  stall?: number;
  /** Milliseconds between the bytes that keep a long answer alive; 15 s unless told. */
  keepAlive?: number;
  /** Milliseconds that running requests get to end on close; 5 s unless told. */
  grace?: number;
  /** What one caller may take of the server. */
  limits?: Partial<Limits>;
  /** Hears of each request that was let in, when it is over; the app's log unless told. */
  onRequest?: Host["onRequest"];
  /** Hears of faults of the server itself; lines in the app's log unless told. */
  onFault?: (error: unknown, request?: IncomingMessage) => void;
}

export interface Listening extends AsyncDisposable {
  url: string;
  port: number;
  /** Accepts nothing more, ends streams, and lets running requests end within the grace. The app stays: it is its maker's to dispose. */
  close(): Promise<void>;
}

/**
 * Serves the app on one port: REST, tRPC, event streams and WebSocket. Throws ConfigInvalidError for options that cannot be (a port,
 * an origin, a base path, a reachable bind without a password) and ServiceUnavailableError for an address that cannot be had.
 */
export async function listen(app: App, options: ListenOptions): Promise<Listening> {
  requirePassword(options);
  const host = createHost(app, options);
  const gate = {
    walls: createWalls({ ...options, addresses: interfaceAddresses }),
    authenticate: createAuth({ password: options.password || undefined, username: options.username ?? "opencode", tokens: app.tokens }),
  };
  // Requests are due in time, whole. Answers are not: a prompt may take minutes, and an event stream never ends.
  const connections: ServerOptions = {
    requestTimeout: 300_000,
    headersTimeout: 60_000,
    keepAlive: true,
    keepAliveInitialDelay: 30_000,
    maxHeaderSize,
    // Its own refusal would say nothing; the walls look at the host.
    requireHostHeader: false,
    shouldUpgradeCallback: isWebSocket,
  };
  const isSecure = options.tls !== undefined;
  const server = options.tls ? await createTlsServer(connections, options.tls) : createServer(connections);
  server.on("request", createRequestListener(host, gate));
  const sockets = lazySockets(host);
  let closing: Promise<void> | undefined;
  server.on("clientError", refuseUnreadable);
  // Both would be answered by Node, without a word, or not at all.
  server.on("checkExpectation", (request, response) => void server.emit("request", request, response));
  server.on("connect", refuseTunnel);
  server.on("upgrade", createUpgradeListener(host, gate, sockets));
  server.on("request", (request, response) => {
    // A kept-alive connection would hold a closing server open after its last answer.
    response.once("finish", () => closing && request.socket.end());
  });
  const unused = unusedConnections(server, isSecure);
  const port = await bind(server, options);
  const close = () => {
    closing ??= shutDown(server, { host, sockets, unused, grace: options.grace ?? 5_000 });
    return closing;
  };
  const name = isIPv6(options.hostname) ? `[${options.hostname}]` : options.hostname;
  return { url: `${isSecure ? "https" : "http"}://${name}:${port}${host.basePath}`, port, close, [Symbol.asyncDispose]: close };
}

function createHost(app: App, options: ListenOptions): Host {
  const onFault: (error: unknown, request?: IncomingMessage) => void = options.onFault ?? ((error) => app.serverLog.fault(error));
  return {
    app,
    router: options.router,
    basePath: toBasePath(options.basePath ?? ""),
    maxBody: options.maxBody ?? 32 * 1024 * 1024,
    heartbeat: options.heartbeat ?? 10_000,
    ping: options.ping ?? 30_000,
    stall: options.stall ?? 60_000,
    keepAlive: options.keepAlive ?? 15_000,
    quota: createQuota(limitsOf(options.limits)),
    streams: new Set(),
    requests: new Map(),
    onRequest: options.onRequest ?? ((entry) => app.serverLog.request(entry)),
    grants: createGrants(app, onFault),
    onFault,
  };
}

interface ShutDown {
  host: Host;
  sockets: Sockets;
  unused: Set<Socket>;
  grace: number;
}

async function shutDown(server: Server, { host, sockets, unused, grace }: ShutDown): Promise<void> {
  const closed = once(server, "close");
  server.close();
  for (const socket of unused) socket.destroy();
  const late = setTimeout(() => {
    sockets.terminate();
    server.closeAllConnections();
  }, grace);
  for (const end of [...host.streams]) end();
  await Promise.all([sockets.close(), closed, host.grants.stop()]);
  clearTimeout(late);
}

/** Connections that carried no request yet: clients open some ahead, and Node does not count them as idle when a server closes. */
function unusedConnections(server: Server, isSecure: boolean): Set<Socket> {
  const unused = new Set<Socket>();
  const add = (socket: Socket) => {
    unused.add(socket);
    socket.once("close", () => unused.delete(socket));
  };
  // Under TLS a request's socket is the one inside.
  server.on(isSecure ? "secureConnection" : "connection", add);
  const used = ({ socket }: IncomingMessage) => unused.delete(socket);
  server.on("request", used).on("upgrade", used);
  return unused;
}

function requirePassword({ hostname, password, unsafeNoPassword }: ListenOptions): void {
  if (password || unsafeNoPassword || isLoopback(hostname)) return;
  throw new AppError(
    "ConfigInvalidError",
    `Other machines can reach ${hostname}, so a password is needed: set OPENCODE_SERVER_PASSWORD, or give --unsafe-no-password.`,
    { hostname },
  );
}

function toBasePath(given: string): string {
  const path = readBasePath(given);
  if (path !== undefined) return path;
  throw new AppError("ConfigInvalidError", `The base path must be a path such as /code, not "${given}".`, { basePath: given });
}

function interfaceAddresses(): string[] {
  return Object.values(networkInterfaces()).flatMap((entries) => entries?.map((entry) => entry.address) ?? []);
}

// Java's and curl's clients offer an upgrade to h2c on ordinary requests, to be ignored.
function isWebSocket(request: IncomingMessage): boolean {
  return request.headers.upgrade?.toLowerCase() === "websocket";
}
