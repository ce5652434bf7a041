import type { IncomingMessage } from "node:http";
import type { TRPCError } from "@trpc/server";
import { nodeHTTPRequestHandler } from "@trpc/server/adapters/node-http";
import { type Context, fromTRPCError } from "../../routers/trpc.ts";
import { AppError } from "../schema/error.ts";
import { errorHeaders, linger } from "./answer.ts";
import { createContext, idempotencyKeyOf } from "./context.ts";
import { cutOffSoon, type Endpoint, type Exchange, endWithToken, type Host } from "./exchange.ts";
import { toFault } from "./fault.ts";
import { metaOf } from "./rest.ts";
import { asTRPC, toTRPC } from "./trpc-error.ts";

const methods = ["GET", "HEAD", "POST"];

/** tRPC's HTTP protocol under `/trpc/`, batches and subscriptions included. Its errors have tRPC's envelope, with our name and data inside. */
export const trpcEndpoint: Endpoint = async (exchange) => {
  const { host, request, response } = exchange;
  const path = exchange.path.slice("/trpc/".length);
  // Some of the others cannot even be told to the adapter.
  if (!methods.includes(request.method ?? ""))
    throw new AppError("MethodNotAllowedError", `${request.method} is not allowed on ${exchange.path}. It knows GET and POST.`, {
      allow: methods,
    });
  // This module is loaded by the first call; its client may have gone meanwhile.
  if (exchange.signal.aborted) return;
  const names = namesOf(path);
  const end = () => endSubscription(exchange, names);
  host.streams.add(end);
  using _held = names.some((name) => isLong(host, name)) ? endWithToken(exchange) : undefined;
  using place = isSubscription(host, names) ? host.quota.subscribe(exchange.principal, "trpc") : undefined;
  if (place !== undefined) response.setTimeout(host.stall);
  try {
    await Promise.race([serve(exchange, { path, names }), closed(exchange)]);
  } finally {
    host.streams.delete(end);
    if (response.writableFinished) linger(request);
  }
};

/** `path`: as it is in the address. */
function serve({ host, request, response, principal }: Exchange, { path, names }: { path: string; names: string[] }): Promise<void> {
  const refusal = refuseBatch(host, names);
  const { headers } = request;
  return nodeHTTPRequestHandler({
    router: host.router,
    req: request,
    res: response,
    path,
    maxBodySize: host.maxBody,
    middleware: (_request, _response, next) => next(refusal),
    createContext: () =>
      asTRPC(() => createContext(host.app, { principal, headers, basePath: host.basePath, idempotencyKey: keyOf(headers, names) })),
    responseMeta: ({ ctx, errors }) => ({ headers: answerHeaders(ctx, errors) }),
    onError: ({ error }) => toFault(host, request, fromTRPCError(error)),
  });
}

/** The procedures that an address names, as the adapter will read it: however it spells their names. */
function namesOf(path: string): string[] {
  try {
    return decodeURIComponent(path).split(",");
  } catch {
    // The adapter says what is wrong with it.
    return [path];
  }
}

function isSubscription({ router }: Host, [name = ""]: string[]): boolean {
  return router._def.procedures[name]?._def.type === "subscription";
}

function isLong({ router }: Host, name: string): boolean {
  const procedure = router._def.procedures[name];
  return procedure !== undefined && metaOf(procedure)?.rest?.long === true;
}

/** Throws BadRequest for a key on a batch: which of its calls would it name? */
function keyOf(headers: IncomingMessage["headers"], names: string[]): string | undefined {
  const key = idempotencyKeyOf(headers);
  if (key === undefined || names.length === 1) return key;
  throw new AppError("BadRequest", "Idempotency-Key: names one call. Send it as a request of its own, not in a batch.", {
    kind: "Headers",
  });
}

/** Calls of one batch. */
const maxBatch = 100;

/** A batch is bounded, and a call that takes minutes would hold back every other answer of it. */
function refuseBatch(host: Host, names: string[]): TRPCError | undefined {
  if (names.length > maxBatch) {
    const message = `${names.length} calls are too many for one batch: it takes ${maxBatch}.`;
    return toTRPC(new AppError("BadRequest", message, { limit: maxBatch }));
  }
  const long = names.find((name) => isLong(host, name));
  if (names.length === 1 || long === undefined) return undefined;
  return toTRPC(
    new AppError("BadRequest", `${long} may take minutes and cannot share a batch; send it as a request of its own.`, { path: long }),
  );
}

/** The procedure's headers, and our Vary: the adapter replaces the one that was set before. */
function answerHeaders(context: unknown, errors: readonly TRPCError[]): Headers {
  const { responseHeaders } = (context ?? {}) as Partial<Context>;
  const headers = new Headers([...(responseHeaders ?? [])]);
  headers.append("vary", "Origin");
  for (const error of errors) for (const [name, value] of errorHeaders(fromTRPCError(error))) headers.set(name, value);
  return headers;
}

function endSubscription({ host, request, response }: Exchange, [name = ""]: string[]): void {
  const type = String(response.getHeader("content-type") ?? "");
  const procedure = host.router._def.procedures[name];
  if (procedure !== undefined && metaOf(procedure)?.rest?.endless) response.destroy();
  // The adapter ends a stream in order when its request is aborted, and offers no other way to say so.
  if (!type.startsWith("text/event-stream")) return;
  request.emit("aborted");
  cutOffSoon(response);
}

// The adapter resolves when the answer was sent, which never happens once the client is gone.
function closed({ response }: Exchange): Promise<void> {
  return new Promise((resolve) => {
    response.once("close", () => resolve());
  });
}
