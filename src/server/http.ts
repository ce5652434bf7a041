import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { AppError, toAppError } from "../schema/error.ts";
import { sendError, setSecurityHeaders } from "./answer.ts";
import type { Authenticate } from "./auth.ts";
import { answerPreflight, setCorsHeaders } from "./cors.ts";
import { createDocument } from "./doc.ts";
import { clientSignal, type Endpoint, type Exchange, type Host, parseTarget } from "./exchange.ts";
import { restRoutes } from "./rest.ts";
import { createRouteTable, type RouteTable } from "./routes.ts";
import { refuseUpgrade, type Sockets } from "./socket.ts";
import { eventStream, globalEventStream } from "./sse.ts";
import { trpcEndpoint } from "./trpc.ts";
import type { Walls } from "./walls.ts";

export interface Gate {
  walls: Walls;
  authenticate: Authenticate;
}

/** Answers requests: walls, preflight, authentication, route, in this order. Whatever fails is answered in the one error shape. */
export function createRequestListener(host: Host, gate: Gate): RequestListener {
  const routes = createRoutes(host);
  return (request, response) => {
    // A write that meets a connection its client has just closed; the "close" that follows ends the work.
    response.on("error", () => response.destroy());
    handle(request, response).catch((error: unknown) => fail(host, { request, response, error }));
  };

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    setSecurityHeaders(response);
    response.setHeader("vary", "Origin");
    pass(gate.walls, request);
    setCorsHeaders(request, response);
    if (request.method === "OPTIONS") return answerPreflight(request, response);
    const { path, query } = parseTarget(request.url ?? "/", host.basePath);
    const principal = gate.authenticate(request, path, query);
    query.delete("auth_token");
    const { value: endpoint, params } = path.startsWith("/trpc/")
      ? { value: trpcEndpoint, params: {} }
      : routes.find(request.method ?? "GET", path);
    const exchange: Exchange = { host, request, response, path, query, params, principal, signal: clientSignal(response) };
    await endpoint(exchange);
  }
}

/** Answers upgrades through the same walls and authentication: tRPC lives at `/trpc`, everything else is refused. */
export function createUpgradeListener(host: Host, gate: Gate, sockets: Sockets) {
  return (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    socket.on("error", () => socket.destroy());
    try {
      pass(gate.walls, request);
      const target = parseTarget(request.url ?? "/", host.basePath);
      const principal = gate.authenticate(request, target.path, target.query);
      if (request.headers.upgrade?.toLowerCase() !== "websocket")
        throw new AppError("BadRequest", "Only an upgrade to websocket is answered.");
      if (target.path !== "/trpc") throw new AppError("NotFoundError", `There is no WebSocket at ${target.path}; it is at /trpc.`);
      sockets.accept(request, { socket, head, target, principal });
    } catch (error) {
      refuseUpgrade(socket, report(host, request, error));
    }
  };
}

function createRoutes(host: Host): RouteTable<Endpoint> {
  const routes = createRouteTable<Endpoint>();
  for (const { method, path, endpoint } of restRoutes(host.router)) routes.add(method, path, endpoint);
  routes.add("GET", "/event", eventStream);
  routes.add("GET", "/events", eventStream);
  routes.add("GET", "/global/event", globalEventStream);
  routes.add("GET", "/doc", createDocument(host));
  return routes;
}

function pass(walls: Walls, request: IncomingMessage): void {
  const { host, origin, "sec-fetch-site": site, "sec-fetch-mode": mode } = request.headers;
  const refusal = walls.refuse({ host, origin, site: site?.toString(), mode: mode?.toString() });
  if (refusal !== undefined) throw refusal;
}

async function fail(host: Host, exchange: { request: IncomingMessage; response: ServerResponse; error: unknown }): Promise<void> {
  const { request, response, error } = exchange;
  // Nobody is left to hear of it.
  if (response.destroyed || request.errored) return;
  try {
    await sendError(request, response, report(host, request, error));
  } catch (fault) {
    host.onFault(fault, request);
    response.destroy();
  }
}

function report(host: Host, request: IncomingMessage, error: unknown): AppError {
  const known = toAppError(error);
  if (known.status >= 500) host.onFault(known.cause ?? known, request);
  return known;
}
