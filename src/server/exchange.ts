import type { IncomingMessage, ServerResponse } from "node:http";
import type { AnyRouter } from "@trpc/server";
import type { Principal } from "../../routers/trpc.ts";
import type { App } from "../app.ts";
import type { RequestEntry } from "../log/log.ts";
import { AppError, shuttingDown } from "../schema/error.ts";
import type { Grants } from "./grants.ts";
import type { Quota } from "./quota.ts";

/** What every host of one server shares. */
export interface Host {
  app: App;
  router: AnyRouter;
  basePath: string;
  /** Bytes. */
  maxBody: number;
  /** Milliseconds between heartbeats of an event stream. */
  heartbeat: number;
  /** Milliseconds between pings of a WebSocket; who has not answered one by the next is gone. */
  ping: number;
  /** Milliseconds that a client may read nothing of an event stream that has something for it. */
  stall: number;
  /** Milliseconds between the bytes that keep a long answer alive. */
  keepAlive: number;
  /** Ends each endless answer (event streams) politely; whoever opens one adds itself and removes itself. */
  streams: Set<() => void>;
  /** What one caller may take of the server. */
  quota: Quota;
  /** Hears of each request that was let in, when it is over; not of `/log`, where clients write to the log themselves. */
  onRequest(entry: RequestEntry): void;
  /** Requests that are over, by their status. */
  requests: Map<string, number>;
  /** Ends what a token has opened when the token ends. */
  grants: Grants;
  /** Hears of each 5xx: the client is not told more than that. */
  onFault(error: unknown, request: IncomingMessage): void;
}

/** One request that passed walls and authentication, and its answer. */
export interface Exchange {
  host: Host;
  request: IncomingMessage;
  response: ServerResponse;
  /** Below the base path, still percent-encoded. */
  path: string;
  query: URLSearchParams;
  /** Of the path, decoded. */
  params: Record<string, string>;
  principal: Principal;
  /** Aborts when the client goes away before it has the whole answer. */
  signal: AbortSignal;
}

export type Endpoint = (exchange: Exchange) => Promise<void>;

export interface Target {
  path: string;
  query: URLSearchParams;
}

/** Characters of a path and its query. */
const maxTarget = 16 * 1024;

/** Splits a request's target, and takes the base path off. Throws UriTooLongError, BadRequest for the forms proxies use, NotFoundError outside the base path. */
export function parseTarget(url: string, basePath: string): Target {
  if (url.length > maxTarget)
    throw new AppError("UriTooLongError", `The address is longer than ${maxTarget} characters.`, { limit: maxTarget });
  if (!url.startsWith("/")) throw new AppError("BadRequest", `The request target must be a path that begins with "/", not "${url}".`);
  const [whole = "/", ...search] = url.split("?");
  const inside = whole === basePath || whole.startsWith(`${basePath}/`);
  if (!inside) throw new AppError("NotFoundError", `There is nothing at ${whole}. This server lives under ${basePath}/.`, { path: whole });
  const path = whole.slice(basePath.length);
  return { path: path.length > 1 && path.endsWith("/") ? path.slice(0, -1) : path || "/", query: new URLSearchParams(search.join("?")) };
}

/** The exchange's signal, which aborts too when the server closes. To be disposed of with the answer. */
export function untilClosing({ host, signal }: Exchange): { signal: AbortSignal } & Disposable {
  const closing = new AbortController();
  const stop = () => closing.abort(shuttingDown());
  host.streams.add(stop);
  return { signal: AbortSignal.any([signal, closing.signal]), [Symbol.dispose]: () => host.streams.delete(stop) };
}

/**
 * Cuts the answer off when the token of its caller ends: for answers that may be waited for long after. What a call does goes on as when its client
 * hangs up. To be disposed of with the answer; undefined where no token is.
 */
export function endWithToken({ host, principal, response }: Exchange): Disposable | undefined {
  const release = host.grants.hold(principal, () => response.destroy());
  return release && { [Symbol.dispose]: release };
}

/** Milliseconds for the client of a stream that the server has ended to take the rest of it. */
const lastRead = 1_000;

/** Cuts a stream that was ended off, unless its client takes the end of it soon: one that does not read would hold up a server that stops. */
export function cutOffSoon({ socket }: ServerResponse): void {
  // The response lets go of it when it has handed over all it has, read or not.
  setTimeout(() => socket?.destroy(), lastRead).unref();
}

/** Calls `stop` when the server closes, which ends an event stream in order, and cuts off one that is not read. To be disposed of with the answer. */
export function endWithServer({ host, response }: Exchange, stop: () => void): Disposable {
  const close = () => {
    stop();
    cutOffSoon(response);
  };
  host.streams.add(close);
  return { [Symbol.dispose]: () => host.streams.delete(close) };
}

/** A signal for as long as the client waits for this answer. */
export function clientSignal(response: ServerResponse): AbortSignal {
  const controller = new AbortController();
  response.once("close", () => {
    if (!response.writableFinished) controller.abort();
  });
  return controller.signal;
}
