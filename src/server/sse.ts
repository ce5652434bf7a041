import type { ServerResponse } from "node:http";
import { createId } from "../schema/id.ts";
import { createContext } from "./context.ts";
import { readCursor, readLegacy } from "./cursor.ts";
import { type Endpoint, type Exchange, endWithServer } from "./exchange.ts";
import { eventFrame, type FrameMaker, globalFrame, heartbeatFrame, liveFrame } from "./frame.ts";
import { pump } from "./pump.ts";

interface Stream {
  frame: FrameMaker;
  /** Only this directory's events; the stream ends with its instance. */
  directory?: string;
  /** Puts the server's own events (connected, heartbeat) on the wire. */
  wrap: (json: string) => string;
}

/** `GET /event`: the events of one directory, as `{ id, type, properties }`. Throws ForbiddenError or NotFoundError for a directory that is not served. */
export const eventStream: Endpoint = async (exchange) => {
  const context = createContext(exchange.host.app, {
    principal: exchange.principal,
    headers: exchange.request.headers,
    query: exchange.query,
  });
  const { directory } = await context.instance();
  await follow(exchange, { frame: eventFrame, directory, wrap: (json) => json });
};

/** `GET /global/event`: the events of all directories, each in its wrapper `{ directory, project, payload }`. */
export const globalEventStream: Endpoint = (exchange) => follow(exchange, { frame: globalFrame, wrap: (json) => `{"payload":${json}}` });

/** First `server.connected`, then (with a cursor) what was missed, then live, with heartbeats, until either side closes. */
async function follow(exchange: Exchange, stream: Stream): Promise<void> {
  const { host, request, response } = exchange;
  using _place = host.quota.subscribe(exchange.principal, "sse");
  using watching = host.app.watch(stream.directory);
  await watching.ready;
  const position = await host.app.log.position();
  const expand = readLegacy(exchange.query) ? host.app.log.withLegacy : undefined;
  const after = readCursor(request.headers["last-event-id"], exchange.query, position) ?? position;
  if (exchange.signal.aborted) return;
  writeStreamHeaders(response, host.stall);
  if (request.method === "HEAD") {
    response.end();
    return;
  }
  // Even a client that loses the connection right after this frame can name a position.
  response.write(liveFrame(stream.wrap(serverEvent("server.connected")), after));
  const controller = new AbortController();
  const stop = () => controller.abort();
  const heartbeat = setInterval(() => beat(response, stream), host.heartbeat).unref();
  exchange.signal.addEventListener("abort", stop, { once: true });
  using _ending = endWithServer(exchange, stop);
  try {
    const entries = host.app.log.read({ after, directory: stream.directory, signal: controller.signal });
    const reader = { roots: host.app.roots, directories: exchange.principal.directories };
    await pump(entries, { response, ...stream, expand, reader, signal: controller.signal });
  } finally {
    clearInterval(heartbeat);
    exchange.signal.removeEventListener("abort", stop);
    response.end();
  }
}

function beat(response: ServerResponse, stream: Stream): void {
  // A client that does not read needs no proof of life on top.
  if (!response.writableNeedDrain) response.write(heartbeatFrame(stream.wrap(serverEvent("server.heartbeat"))));
}

function serverEvent(type: "server.connected" | "server.heartbeat"): string {
  return JSON.stringify({ id: createId("event"), type, properties: {} });
}

/** The headers of every event stream. Its connection is cut when nothing moves on it for `stall` ms: heartbeats do, while the client reads. */
export function writeStreamHeaders(response: ServerResponse, stall: number): void {
  response.setTimeout(stall);
  response.writeHead(200, {
    "content-type": "text/event-stream",
    "cache-control": "no-cache, no-transform",
    "x-accel-buffering": "no",
  });
}
