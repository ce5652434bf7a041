import type { IncomingMessage, ServerResponse } from "node:http";

/** CORS headers for a request that passed the walls: its origin, if it has one, is listed or our own. */
export function setCorsHeaders(request: IncomingMessage, response: ServerResponse): void {
  response.setHeader("vary", "Origin");
  const { origin } = request.headers;
  if (origin === undefined) return;
  response.setHeader("access-control-allow-origin", origin);
  response.setHeader("access-control-allow-credentials", "true");
  response.setHeader("access-control-expose-headers", "Link, X-Next-Cursor, Retry-After, Idempotency-Replayed");
}

/** Answers OPTIONS: 204, whatever the path. */
export function answerPreflight(request: IncomingMessage, response: ServerResponse): void {
  const headers = request.headers["access-control-request-headers"];
  response.setHeader("access-control-allow-methods", "GET, HEAD, PUT, PATCH, POST, DELETE");
  response.setHeader("access-control-max-age", "86400");
  if (headers !== undefined) response.setHeader("access-control-allow-headers", headers);
  if (request.headers["access-control-request-private-network"] === "true")
    response.setHeader("access-control-allow-private-network", "true");
  response.setHeader("vary", "Origin, Access-Control-Request-Headers");
  response.writeHead(204).end();
}
