import { initTRPC, TRPCError } from "@trpc/server";
import { TRPC_ERROR_CODES_BY_KEY } from "@trpc/server/rpc";
import superjson from "superjson";
import type { OpenApiMeta } from "trpc-to-openapi";
import { z } from "zod";
import type { App } from "../src/app.ts";
import type { Instance } from "../src/instance.ts";
import type { Actor } from "../src/schema/audit.ts";
import { AppError, type ErrorName, errorTable, toAppError } from "../src/schema/error.ts";
import { sharedText } from "../src/schema/event-text.ts";
import type { Principal, Scope } from "../src/schema/token.ts";
import { fieldOf, idsOf, needsPerson, onlyPlaces, requirePerson, requirePlace, requireScope } from "./access.ts";
import { requireShallow } from "./depth.ts";
import { outcomeOf, replayed, sessionIn } from "./replay.ts";

export type { Principal, Scope };

export interface Context {
  app: App;
  principal: Principal;
  /** The directory of the request, absolute; checked against the roots when an instance is asked for. */
  directory: string;
  instance(): Promise<Instance>;
  /** This server's address as the caller named it, base path included: `http://127.0.0.1:4096/code`. */
  address: string;
  /** The `Idempotency-Key` of an HTTP request. */
  idempotencyKey?: string;
  /** Notes a call, for connections that carry many. Throws TooManyRequestsError past the rate. */
  note?(): void;
  /** Takes one of the caller's places for a subscription, on such connections. Throws TooManyRequestsError when all are taken. */
  subscribe?(): Disposable;
  /** Resolves when the connection can take more, or is gone; for subscriptions over a protocol that does not wait by itself. */
  writable?(): Promise<void>;
  /** Headers of the answer, for hosts that have some (paging links). */
  responseHeaders: ResponseHeaders;
}

/** A Map of lower-case names will do: making a `Headers` loads all of Node's fetch. */
export interface ResponseHeaders extends Iterable<[string, string]> {
  set(name: string, value: string): unknown;
}

/** `openapi`: the REST address, read by the generator and our dispatcher. `rest`: what the generator has no word for. */
export type Meta = OpenApiMeta & {
  scope: Scope;
  /** What it can throw beside the errors of every call (`src/server/document-errors.ts`); a test that meets another one fails. */
  errors?: ErrorName[];
  /** Only a person may do this, no process of a tool. Unless told, so it is for changes of the scope `admin` and for whatever sets permission rules. */
  person?: boolean;
  /** Whether a success is put on record here; changes of the scope `admin` are, unless told. `service`: the service does, in the batch of the change. */
  audit?: boolean | "service";
  /** The answer holds a secret: it is never stored, so that a call with an `Idempotency-Key` gets it once only. */
  secret?: boolean;
  /** The same call with the same `messageID` has one effect, whenever it comes. With an `Idempotency-Key`, one that names no id is given one. */
  repeatable?: "messageID";
  rest?: {
    /** The status of a success; 200 unless told. 204 sends no body. */
    status?: 200 | 204;
    /** The answer may take minutes: keep-alive bytes are sent while it runs, and it never shares a tRPC batch. */
    long?: boolean;
    /** It waits for something that may never happen: a server that closes ends it. */
    endless?: boolean;
    /** The whole body, whatever its shape, is this field of the input. */
    payload?: string;
    /** Further addresses of the same procedure: `"GET /health"`. */
    aliases?: string[];
    /** Turns an older spelling of the body into the input's. */
    body?: (body: unknown) => unknown;
  };
  /** What a subscription sends, and whether each is `tracked()`; every subscription says it. */
  stream?: { item: z.ZodType; tracked?: boolean };
};

const t = initTRPC
  .context<Context>()
  .meta<Meta>()
  .create({
    transformer: { input: { serialize: superjson.serialize, deserialize }, output: { serialize, deserialize: superjson.deserialize } },
    isDev: false,
    sse: { ping: { enabled: true, intervalMs: 10_000 } },
    errorFormatter({ shape, error }) {
      const fault = fromTRPCError(error);
      const { name, message, data } = fault.toBody();
      // What a subscription throws while it is read comes here as it is, past the conversion of calls.
      const { code, httpStatus } =
        error.code === "INTERNAL_SERVER_ERROR" ? { ...errorTable[fault.name], httpStatus: fault.status } : shape.data;
      return { ...shape, message, code: TRPC_ERROR_CODES_BY_KEY[code], data: { code, httpStatus, path: shape.data.path, name, data } };
    },
  });

/** As superjson does, but events of the log, which are plain JSON, are neither walked nor copied for each of their readers. */
function serialize(value: unknown): ReturnType<typeof superjson.serialize> {
  return isLogged(value) || (isObject(value) && isLogged(value.data)) ? { json: value as never } : superjson.serialize(value);
}

/** As superjson does; `null`, and a frame of a WebSocket that has no input, are no input. */
function deserialize(payload: Parameters<typeof superjson.deserialize>[0] | null | undefined): unknown {
  return superjson.deserialize(payload ?? { json: undefined as never });
}

const isLogged = (value: unknown): boolean => isObject(value) && sharedText(value) !== undefined;

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

const errors = t.middleware(async ({ next }) => {
  const result = await next();
  if (!result.ok) throw toTRPCError(result.error);
  return result;
});

/** A server that closes waits for what was begun. Subscriptions are ended by their hosts. */
const held = t.middleware(({ ctx, type, next }) => (type === "subscription" ? next() : ctx.app.calls.hold(next())));

/** What every call passes before its input is read: the scope, who sent it, where it leads. */
const access = t.middleware(async ({ ctx, meta, type, path, getRawInput, next }) => {
  ctx.note?.();
  requireScope(ctx, meta);
  const { principal } = ctx;
  const mutates = meta !== undefined && type === "mutation";
  const input = mutates || principal.directories ? await getRawInput() : undefined;
  requireShallow(input);
  await requirePlace(ctx, input);
  if (meta && needsPerson(meta, type, input)) await requirePerson(ctx, path);
  const result = await next();
  if (!result.ok) return result;
  // An answer that is given again is no second deed.
  if (mutates && !("replayed" in result) && (meta.audit ?? meta.scope === "admin") === true) {
    await ctx.app.audit.record({ actor: actorOf(ctx), action: path, subject: idsOf(meta, input), directory: ctx.directory });
  }
  if (principal.directories && type !== "subscription") return { ...result, data: onlyPlaces(result.data, principal.directories) };
  return result;
});

/**
 * A mutation with an `Idempotency-Key` has one effect and one answer, whichever it is: `src/idempotency`. What tRPC's own parsers refuse was not
 * begun, so the key stays free.
 */
const keyed = t.middleware(async ({ ctx, type, path, meta, getRawInput, signal, next }) => {
  if (type !== "mutation" || ctx.idempotencyKey === undefined) return next();
  const input = await getRawInput();
  const call = {
    principal: ctx.principal.name,
    procedure: path,
    key: ctx.idempotencyKey,
    request: { input, directory: ctx.directory },
    isSecret: meta?.secret ?? false,
    isRepeatable: meta?.repeatable !== undefined,
    sessionID: sessionIn(input),
  };
  let done: Awaited<ReturnType<typeof next>> | undefined;
  const replay = await ctx.app.idempotency.once(call, async ({ messageID }) => {
    const given = meta?.repeatable ? { messageID, ...(input ?? {}) } : input;
    done = await next({ getRawInput: async () => given });
    return outcomeOf(done, { signal, toFault: fromTRPCError });
  });
  if (done !== undefined) return done;
  ctx.responseHeaders.set("idempotency-replayed", "true");
  return replayed(replay?.text ?? "null") as typeof done & object;
});

/** The session id `default` stands for a session of the request's directory, made on first use by whoever may make sessions. */
const defaultSession = t.middleware(async ({ ctx, getRawInput, next }) => {
  const input = await getRawInput();
  const field = ["sessionID", "sessionId"].find((name) => fieldOf(input, name) === "default");
  if (field === undefined) return next();
  const session = await ctx.app.sessions.defaultOf(ctx.directory, { make: ctx.principal.scopes.includes("prompt") });
  return next({ getRawInput: async () => ({ ...(input as object), [field]: session }) });
});

/** A connection may carry any number of subscriptions: each has a place of its own, until it is over. */
const placed = t.middleware(async ({ ctx, type, signal, next }) => {
  if (type !== "subscription" || ctx.subscribe === undefined) return next();
  const place = ctx.subscribe();
  const release = () => place[Symbol.dispose]();
  signal?.addEventListener("abort", release, { once: true });
  const result = await next();
  if (result.ok) return { ...result, data: untilOver(result.data as AsyncIterable<unknown>, release) };
  release();
  return result;
});

async function* untilOver(items: AsyncIterable<unknown>, release: () => void): AsyncGenerator<unknown> {
  try {
    yield* items;
  } finally {
    release();
  }
}

/** Who calls, for the record. */
export function actorOf({ principal }: Context): Actor {
  return { name: principal.name, address: principal.address };
}

export const router = t.router;
export const createCallerFactory = t.createCallerFactory;
export const procedure = t.procedure.use(held).use(errors).use(access).use(placed).use(keyed).use(defaultSession);

function toTRPCError(error: TRPCError): TRPCError {
  if (error.cause instanceof AppError)
    return new TRPCError({ code: errorTable[error.cause.name].code, message: error.cause.message, cause: error.cause });
  return error;
}

/** What tRPC itself finds wrong with a call. */
const clientFaults = new Set(["BAD_REQUEST", "PARSE_ERROR", "UNSUPPORTED_MEDIA_TYPE", "UNPROCESSABLE_CONTENT"]);

/** Any TRPCError as the AppError behind it: ours, a failed input (named fields), or an unknown fault without its text. */
export function fromTRPCError(error: TRPCError): AppError {
  if (error.cause instanceof AppError) return error.cause;
  if (error.code === "BAD_REQUEST" && error.cause instanceof z.core.$ZodError) return invalidInput(error.cause);
  if (error.code === "NOT_FOUND") return new AppError("NotFoundError", error.message);
  if (clientFaults.has(error.code)) return new AppError("BadRequest", error.message);
  if (error.code === "PAYLOAD_TOO_LARGE") return new AppError("PayloadTooLargeError", "The body is larger than this server takes.");
  if (error.code === "METHOD_NOT_SUPPORTED") return new AppError("MethodNotAllowedError", error.message);
  return toAppError(error.cause ?? error);
}

/** The first fault of an input, by the path of its field. */
export function invalidInput(error: z.core.$ZodError): AppError {
  const issue = deepest(error.issues[0]);
  const field = issue?.path.map(String).join(".") ?? "";
  const message = `${field === "" ? "The input" : field}: ${issue?.message ?? "is not valid"}`;
  return new AppError("BadRequest", message, { kind: "Payload", field });
}

type Issue = { path: PropertyKey[]; message: string };

function deepest(issue: z.core.$ZodIssue | undefined): Issue | undefined {
  if (issue?.code !== "invalid_union") return issue;
  const nested = issue.errors
    .flat()
    .map((inner) => deepest(inner))
    .filter((inner) => inner !== undefined);
  const best = nested.sort((a, b) => b.path.length - a.path.length)[0];
  return best === undefined ? issue : { path: [...issue.path, ...best.path], message: best.message };
}
