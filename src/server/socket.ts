import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { getWSConnectionHandler } from "@trpc/server/adapters/ws";
import { WebSocket, WebSocketServer } from "ws";
import { fromTRPCError, type Principal } from "../../routers/trpc.ts";
import { AppError } from "../schema/error.ts";
import { serveChat } from "./chat-socket.ts";
import { createContext } from "./context.ts";
import type { Host, Target } from "./exchange.ts";
import { toFault } from "./fault.ts";
import { byFirstFrame } from "./first-frame.ts";
import { frameEncoder } from "./frame-encoder.ts";
import { refuseConnection } from "./raw.ts";
import { asTRPC } from "./trpc-error.ts";
import { writable } from "./writable.ts";

const goodbyeMilliseconds = 250;
/** For a client to answer the goodbye of a server that stops: one that does not is asleep, or gone. */
const lastGoodbyeMilliseconds = 1_000;
const maxBufferedBytes = 16 * 1024 * 1024;

export interface Sockets {
  /** Takes over a connection that passed walls and authentication. */
  accept(request: IncomingMessage, upgrade: Upgrade): void;
  /** Says goodbye to every client; resolves when all are gone. */
  close(): Promise<void>;
  /** Cuts off whoever is left. */
  terminate(): void;
}

export interface Upgrade {
  socket: Duplex;
  head: Buffer;
  target: Target;
  principal: Principal;
}

/** A client that does not read is cut off: `send` would otherwise buffer without bound. */
class BoundedSocket extends WebSocket {
  override send(...message: unknown[]): void {
    if (this.bufferedAmount > maxBufferedBytes) this.terminate();
    else Reflect.apply(super.send, this, message);
  }
}

/** tRPC's WebSocket protocol at `/trpc`, and at `/ws` either that or the chat protocol. One server for all upgrades; who may upgrade, and where, is decided before. */
export function createSockets(host: Host): Sockets {
  const server = new WebSocketServer({ noServer: true, clientTracking: true, maxPayload: host.maxBody, WebSocket: BoundedSocket });
  // What the handshake lacks would otherwise be told as plain text.
  server.on("wsClientError", (error, socket, request) =>
    refuseConnection(socket, new AppError("BadRequest", `The WebSocket handshake: ${error.message}.`, { kind: "Headers" }), request),
  );
  const callers = new WeakMap<IncomingMessage, Upgrade>();
  const serve = getWSConnectionHandler({
    router: host.router,
    wss: server,
    createContext: ({ req, info }) =>
      asTRPC(() => contextOf(host, req, { ...callers.get(req), directory: info.connectionParams?.directory })),
    experimental_encoder: frameEncoder,
    onError: ({ error, req }) => toFault(host, req, fromTRPCError(error)),
  });
  const heartbeat = keepAlive(server, host.ping);
  const terminate = () => {
    for (const client of server.clients) client.terminate();
  };
  return {
    accept(request, upgrade) {
      callers.set(request, upgrade);
      server.handleUpgrade(request, upgrade.socket, upgrade.head, (client) => {
        // Protocol errors (a frame over the limit) close the connection by themselves; the client gets a moment to hear why.
        client.on("error", () => setTimeout(() => client.terminate(), goodbyeMilliseconds).unref());
        heartbeat.watch(client);
        if (upgrade.target.path !== "/ws") return serve(client, request);
        byFirstFrame(client, request, { trpc: serve, chat: () => serveChat(host, client, { request, ...upgrade }) });
      });
    },
    async close() {
      heartbeat.stop();
      const gone = [...server.clients].map((client) => new Promise((resolve) => client.once("close", resolve)));
      for (const client of server.clients) client.close(1001, "The server is stopping.");
      const late = setTimeout(terminate, lastGoodbyeMilliseconds);
      await Promise.all(gone);
      clearTimeout(late);
    },
    terminate,
  };
}

function contextOf(host: Host, request: IncomingMessage, caller: Partial<Upgrade> & { directory?: string }) {
  const { principal = { name: "nobody", scopes: [] }, target, directory, socket } = caller;
  const context = createContext(host.app, {
    principal,
    headers: request.headers,
    query: target?.query,
    directory,
    basePath: host.basePath,
  });
  const { quota } = host;
  const calls = { note: () => quota.request(principal), subscribe: () => quota.subscribe(principal, "trpc") };
  return { ...context, ...calls, writable: () => writable(socket) };
}

/** Pings on the protocol level, so that any client answers; who does not by the next ping is gone without having said so. */
function keepAlive(server: WebSocketServer, milliseconds: number) {
  const silent = new WeakSet<WebSocket>();
  const timer = setInterval(() => {
    for (const client of server.clients) {
      if (silent.has(client)) client.terminate();
      else {
        silent.add(client);
        client.ping();
      }
    }
  }, milliseconds).unref();
  return {
    watch: (client: WebSocket) => client.on("pong", () => silent.delete(client)),
    stop: () => clearInterval(timer),
  };
}
