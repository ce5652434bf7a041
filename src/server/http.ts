import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { sendError, setSecurityHeaders } from "./answer.ts";
import { chatStream } from "./chat-stream.ts";
import { answerPreflight, setCorsHeaders } from "./cors.ts";
import { createDocument } from "./doc.ts";
import { clientSignal, type Endpoint, type Exchange, type Host, parseTarget } from "./exchange.ts";
import { toFault } from "./fault.ts";
import { type Gate, pass } from "./gate.ts";
import { restRoutes } from "./rest.ts";
import { createRouteTable, type RouteTable } from "./routes.ts";
import { sharePage } from "./share.ts";
import { eventStream, globalEventStream } from "./sse.ts";

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
    pass(gate, request);
    setCorsHeaders(request, response);
    if (request.method === "OPTIONS") return answerPreflight(request, response);
    const { path, query } = parseTarget(request.url ?? "/", host.basePath);
    const principal = await gate.authenticate(request, path, query);
    for (const name of ["auth_token", "ticket"]) query.delete(name);
    if (host.onRequest !== undefined && path !== "/log") logRequest(host.onRequest, { request, response, path });
    const { value: endpoint, params } = path.startsWith("/trpc/")
      ? { value: trpcEndpoint, params: {} }
      : routes.find(request.method ?? "GET", path);
    const exchange: Exchange = { host, request, response, path, query, params, principal, signal: clientSignal(response) };
    holdStream(exchange);
    await endpoint(exchange);
  }
}

function logRequest(
  write: NonNullable<Host["onRequest"]>,
  { request, response, path }: Pick<Exchange, "request" | "response" | "path">,
): void {
  const start = performance.now();
  response.once("close", () => {
    const milliseconds = Math.round(performance.now() - start);
    write({ method: request.method ?? "GET", path, status: response.statusCode, milliseconds });
  });
}

/** An event stream ends with the token that opened it. An answer that is on its way is given. */
function holdStream({ host, principal, response }: Exchange): void {
  const release = host.grants.hold(principal, () => {
    if (String(response.getHeader("content-type") ?? "").startsWith("text/event-stream")) response.destroy();
  });
  if (release !== undefined) response.once("close", release);
}

/** Loaded by the first call: a start has no need of tRPC's own hosts. */
const trpcEndpoint: Endpoint = async (exchange) => (await import("./trpc.ts")).trpcEndpoint(exchange);

function createRoutes(host: Host): RouteTable<Endpoint> {
  const routes = createRouteTable<Endpoint>();
  for (const { method, path, endpoint } of restRoutes(host.router)) routes.add(method, path, endpoint);
  routes.add("GET", "/event", eventStream);
  routes.add("GET", "/events", eventStream);
  routes.add("GET", "/global/event", globalEventStream);
  routes.add("POST", "/api/chat/stream", chatStream);
  routes.add("GET", "/share/{secret}", sharePage);
  routes.add("GET", "/doc", createDocument(host));
  return routes;
}

async function fail(host: Host, exchange: { request: IncomingMessage; response: ServerResponse; error: unknown }): Promise<void> {
  const { request, response, error } = exchange;
  const fault = toFault(host, request, error);
  try {
    const isTrpc = request.url?.startsWith(`${host.basePath}/trpc/`);
    const body = isTrpc ? (await import("./trpc-error.ts")).trpcErrorBody(fault) : undefined;
    if (!response.destroyed) await sendError(request, response, { error: fault, body });
  } catch (failure) {
    host.onFault(failure, request);
    response.destroy();
  }
}
