import type { ServerResponse } from "node:http";
import { type AnyProcedure, type AnyRouter, TRPCError } from "@trpc/server";
import { z } from "zod";
import { type Context, fromTRPCError, type Meta } from "../../routers/trpc.ts";
import { AppError, toAppError } from "../schema/error.ts";
import { sendAnswer } from "./answer.ts";
import { readJson } from "./body.ts";
import { invoke } from "./call.ts";
import { type Coercion, createCoercion } from "./coerce.ts";
import { createContext, idempotencyKeyOf } from "./context.ts";
import { type Endpoint, type Exchange, endWithToken, untilClosing } from "./exchange.ts";
import { withKeepAlive } from "./long.ts";

export interface RestRoute {
  method: string;
  path: string;
  endpoint: Endpoint;
}

interface Call {
  name: string;
  procedure: AnyProcedure;
  meta: Meta;
  coercion: () => Coercion;
}

/** Where each field of an input came from. */
interface Sources {
  params: Record<string, unknown>;
  query: Record<string, unknown>;
  body: Record<string, unknown>;
}

/** Every procedure with a REST address, and its aliases, as endpoints. */
export function* restRoutes(router: AnyRouter): Generator<RestRoute> {
  const procedures: Record<string, AnyProcedure> = router._def.procedures;
  for (const [name, procedure] of Object.entries(procedures)) {
    const meta = metaOf(procedure);
    if (meta?.openapi === undefined || meta.openapi.enabled === false) continue;
    const endpoint = createEndpoint({ name, procedure, meta, coercion: lazy(() => createCoercion(procedure._def.inputs)) });
    yield { method: meta.openapi.method, path: meta.openapi.path, endpoint };
    for (const alias of meta.rest?.aliases ?? []) {
      const [method = "", path = ""] = alias.split(" ");
      yield { method, path, endpoint };
    }
  }
}

/** The meta of a procedure of our router; tRPC keeps it untyped. */
export function metaOf(procedure: AnyProcedure): Meta | undefined {
  return procedure._def.meta as Meta | undefined;
}

function createEndpoint(call: Call): Endpoint {
  return async (exchange) => {
    const { host, request, response, query, principal } = exchange;
    const { headers } = request;
    const caller = { principal, headers, query, basePath: host.basePath, idempotencyKey: idempotencyKeyOf(headers) };
    const context = createContext(host.app, caller);
    const sources = await readSources(call, exchange);
    using _held = call.meta.rest?.long ? endWithToken(exchange) : undefined;
    using signal = call.meta.rest?.endless ? untilClosing(exchange) : { signal: exchange.signal, [Symbol.dispose]: () => {} };
    const ask = () => answer(call, { context, sources, signal: signal.signal });
    const run = () => ask().catch((error) => failWith(context, response, error));
    const result = call.meta.rest?.long ? await withKeepAlive(response, host.keepAlive, run) : await run();
    const empty = call.meta.rest?.status === 204;
    await sendAnswer(request, response, {
      status: empty ? 204 : 200,
      headers: context.responseHeaders,
      // A procedure without a result answers null: an empty body would not be JSON.
      json: empty ? undefined : JSON.stringify(result ?? null),
    });
  };
}

/** A fault has the headers of its procedure too. */
function failWith({ responseHeaders }: Context, response: ServerResponse, error: unknown): never {
  if (!response.headersSent) for (const [name, value] of responseHeaders) response.setHeader(name, value);
  throw error;
}

/** Path, query and body, in the order of their precedence. GET and HEAD have no body. */
async function readSources({ coercion, meta }: Call, exchange: Exchange): Promise<Sources> {
  const { request, host } = exchange;
  const params = coercion().params(exchange.params);
  const query = coercion().query(exchange.query);
  if (request.method === "GET" || request.method === "HEAD") return { params, query, body: {} };
  const raw = await readJson(request, host.maxBody);
  if (meta.rest?.payload !== undefined) return { params, query, body: { [meta.rest.payload]: raw } };
  const body = meta.rest?.body === undefined ? raw : meta.rest.body(raw);
  if (!isObject(body)) throw new AppError("BadRequest", "The body must be a JSON object.", { kind: "Payload", field: "" });
  return { params, query, body };
}

async function answer(call: Call, options: { context: Context; sources: Sources; signal: AbortSignal }): Promise<unknown> {
  const { params, query, body } = options.sources;
  const input = { ...query, ...body, ...params };
  try {
    return await invoke(call.procedure, { name: call.name, input, ...options });
  } catch (error) {
    throw located(error, options.sources, call.meta);
  }
}

/** A procedure's error as ours; a field that does not fit is told with the part of the request it came from. */
function located(error: unknown, sources: Sources, meta: Meta): AppError {
  if (!(error instanceof TRPCError)) return toAppError(error);
  const fault = withoutPayload(fromTRPCError(error), meta);
  if (error.code !== "BAD_REQUEST" || !(error.cause instanceof z.core.$ZodError)) return fault;
  const field = String(error.cause.issues[0]?.path[0] ?? "");
  return new AppError(fault.name, fault.message, { ...fault.data, kind: kindOf(field, sources, meta) });
}

/** To the caller the body is the whole: its name in the input is not theirs to know. */
function withoutPayload(fault: AppError, { rest }: Meta): AppError {
  const { payload } = rest ?? {};
  const { field } = fault.data;
  if (payload === undefined || typeof field !== "string" || (field !== payload && !field.startsWith(`${payload}.`))) return fault;
  const inside = field.slice(payload.length + 1);
  const message = `${inside === "" ? "The body" : inside}${fault.message.slice(field.length)}`;
  return new AppError(fault.name, message, { ...fault.data, field: inside, message });
}

function kindOf(field: string, { params, query, body }: Sources, meta: Meta): "Params" | "Query" | "Payload" {
  if (Object.hasOwn(params, field)) return "Params";
  if (Object.hasOwn(body, field)) return "Payload";
  const bodyless = meta.openapi?.method === "GET" || meta.openapi?.method === "DELETE";
  return Object.hasOwn(query, field) || bodyless ? "Query" : "Payload";
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function lazy<Value extends object>(make: () => Value): () => Value {
  let value: Value | undefined;
  return () => {
    value ??= make();
    return value;
  };
}
