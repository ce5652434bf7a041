import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { sendError, setSecurityHeaders } from "./answer.ts";
import { chatStream } from "./chat-stream.ts";
import { answerPreflight, setCorsHeaders } from "./cors.ts";
import { createDocument } from "./doc.ts";
import { clientSignal, type Endpoint, type Exchange, type Host, parseTarget } from "./exchange.ts";
import { toFault } from "./fault.ts";
import { type Gate, pass } from "./gate.ts";
import { loggedPath, loggedProcedures, loggedUnknown, logRequest } from "./request-log.ts";
import { restRoutes } from "./rest.ts";
import { createRouteTable, type RouteTable } from "./routes.ts";
import { sessionExport, shareExport, shareLive, sharePage } from "./share.ts";
import { eventStream, globalEventStream } from "./sse.ts";

/** Answers requests: walls, preflight, authentication, route, in this order. Whatever fails is answered in the one error shape. */
export function createRequestListener(host: Host, gate: Gate): RequestListener {
  const routes = createRoutes(host);
  return (request, response) => {
    // A write that meets a connection its client has just closed; the "close" that follows ends the work.
    response.on("error", () => response.destroy());
    response.once("close", () => count(host, response));
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
    let told = loggedUnknown(path);
    logRequest(host.onRequest, { request, response, path: () => told });
    const { value, params } = path.startsWith("/trpc/") ? trpcRoute(path) : routes.find(request.method ?? "GET", path);
    told = loggedPath(value.path, params);
    if (!isHealth(path)) host.quota.request(principal);
    const exchange: Exchange = { host, request, response, path, query, params, principal, signal: clientSignal(response) };
    holdStream(exchange);
    await value.endpoint(exchange);
  }
}

/** Whether the server is well can be asked however much is going on. */
function isHealth(path: string): boolean {
  return path === "/global/health" || path === "/health";
}

/** Those that were refused at the door too. A client that left before it was answered has no status. */
function count({ requests }: Host, { headersSent, statusCode }: ServerResponse): void {
  const status = headersSent ? String(statusCode) : "none";
  requests.set(status, (requests.get(status) ?? 0) + 1);
}

interface Route {
  path: string;
  endpoint: Endpoint;
}

/** An event stream ends with the token that opened it. An answer that is on its way is given. */
function holdStream({ host, principal, response }: Exchange): void {
  const release = host.grants.hold(principal, () => {
    if (String(response.getHeader("content-type") ?? "").startsWith("text/event-stream")) response.destroy();
  });
  if (release !== undefined) response.once("close", release);
}

const trpcRoute = (path: string) => ({ value: { path: loggedProcedures(path), endpoint: trpcEndpoint }, params: {} });

/** Loaded by the first call: a start has no need of tRPC's own hosts. */
const trpcEndpoint: Endpoint = async (exchange) => (await import("./trpc.ts")).trpcEndpoint(exchange);

/** An endpoint that most servers never need. */
function lazily(load: () => Promise<Endpoint>): Endpoint {
  let endpoint: Promise<Endpoint> | undefined;
  return async (exchange) => {
    endpoint ??= load();
    await (await endpoint)(exchange);
  };
}

function createRoutes(host: Host): RouteTable<Route> {
  const routes = createRouteTable<Route>();
  const add = (method: string, path: string, endpoint: Endpoint) => routes.add(method, path, { path, endpoint });
  for (const { method, path, endpoint } of restRoutes(host.router)) add(method, path, endpoint);
  add("GET", "/event", eventStream);
  add("GET", "/events", eventStream);
  add("GET", "/global/event", globalEventStream);
  add("POST", "/api/chat/stream", chatStream);
  add("GET", "/share/{secret}", sharePage);
  add("GET", "/share/{secret}/live", shareLive);
  add("GET", "/share/{secret}/export", shareExport);
  add("GET", "/session/{sessionID}/export", sessionExport);
  add("GET", "/doc", createDocument(host));
  add(
    "GET",
    "/metrics",
    lazily(async () => (await import("./metrics.ts")).createMetrics(host)),
  );
  add(
    "GET",
    "/doc/{file}",
    lazily(async () => (await import("./assets.ts")).assetEndpoint),
  );
  add(
    "GET",
    "/trpc",
    lazily(async () => (await import("./procedures.ts")).createProcedures(host)),
  );
  const web = (name: "rootEndpoint" | "webEndpoint") => lazily(async () => (await import("./web.ts"))[name]);
  add("GET", "/", web("rootEndpoint"));
  add("GET", "/web", web("webEndpoint"));
  add("GET", "/web/{path...}", web("webEndpoint"));
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
