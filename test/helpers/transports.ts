import { createTRPCUntypedClient, createWSClient, httpBatchLink, TRPCClientError, type TRPCLink, wsLink } from "@trpc/client";
import type { AnyProcedure, AnyRouter } from "@trpc/server";
import { EventSourceParserStream } from "eventsource-parser/stream";
import superjson from "superjson";
import { type AppRouter, appRouter } from "../../routers/index.ts";
import type { Meta } from "../../routers/trpc.ts";
import type { AnyEvent } from "../../src/schema/event.ts";

/** A way to reach the procedures. */
export interface Transport extends AsyncDisposable {
  /** Calls a procedure by its name. Rejects with a Fault. */
  call<Result>(name: string, input?: Record<string, unknown>): Promise<Result>;
  /** Follows the events from a position on; what has no position of its own comes without one. */
  events(after: number, signal: AbortSignal): AsyncIterable<StreamEvent>;
}

export interface StreamEvent {
  cursor?: number;
  event: AnyEvent;
}

/** An error of a call, in one form whatever it came through. */
export interface Fault {
  name: string;
  message: string;
  status: number;
  data: Record<string, unknown>;
}

/** The ways there are, by name. */
export const transports: [string, (url: string) => Transport][] = [
  ["tRPC over HTTP", overHttp],
  ["tRPC over WebSocket", overSocket],
  ["REST", overRest],
];

const procedures = (appRouter as AnyRouter)._def.procedures as Record<string, AnyProcedure>;

function procedureOf(name: string): AnyProcedure {
  const procedure = procedures[name];
  if (procedure === undefined) throw new Error(`There is no procedure ${name}.`);
  return procedure;
}

function overHttp(url: string): Transport {
  const link = httpBatchLink<AppRouter>({ url: `${url}/trpc`, transformer: superjson });
  return {
    call: trpcCall(link),
    events: (after, signal) =>
      sse(`${url}/trpc/event.subscribe?input=${encodeURIComponent(JSON.stringify({ json: { after } }))}`, signal, (data) =>
        superjson.deserialize(data as never),
      ),
    [Symbol.asyncDispose]: async () => {},
  };
}

function overSocket(url: string): Transport {
  const client = createWSClient({ url: `${url.replace("http", "ws")}/trpc` });
  const link = wsLink<AppRouter>({ client, transformer: superjson });
  const untyped = createTRPCUntypedClient<AppRouter>({ links: [link] });
  return {
    call: trpcCall(link),
    events: (after, signal) =>
      new ReadableStream<StreamEvent>({
        start(controller) {
          const subscription = untyped.subscription(
            "event.subscribe",
            { after },
            {
              onData: (tracked) => {
                const { id, data } = tracked as { id: string; data: AnyEvent };
                controller.enqueue({ cursor: Number(id), event: data });
              },
              onError: (error) => controller.error(error),
            },
          );
          signal.addEventListener("abort", () => {
            subscription.unsubscribe();
            controller.close();
          });
        },
      }),
    [Symbol.asyncDispose]: async () => client.close(),
  };
}

function trpcCall(link: TRPCLink<AppRouter>): Transport["call"] {
  const client = createTRPCUntypedClient<AppRouter>({ links: [link] });
  return async <Result>(name: string, input: Record<string, unknown> = {}) => {
    const type = procedureOf(name)._def.type === "query" ? "query" : "mutation";
    try {
      return (await client[type](name, input)) as Result;
    } catch (error) {
      if (!(error instanceof TRPCClientError)) throw error;
      const { name: fault, httpStatus, data } = error.data as { name: string; httpStatus: number; data: Fault["data"] };
      throw { name: fault, message: error.message, status: httpStatus, data } satisfies Fault;
    }
  };
}

function overRest(url: string): Transport {
  return {
    async call<Result>(name: string, input: Record<string, unknown> = {}) {
      const { method = "GET", path = "" } = (procedureOf(name)._def.meta as Meta).openapi ?? {};
      const rest = { ...input };
      const filled = path.replaceAll(/\{(\w+)\}/g, (_, field: string) => {
        const value = String(rest[field]);
        delete rest[field];
        return encodeURIComponent(value);
      });
      const inQuery = method === "GET" || method === "DELETE";
      const query = inQuery ? `?${new URLSearchParams(rest as Record<string, string>)}` : "";
      const response = await fetch(url + filled + query, { method, ...(!inQuery && { body: JSON.stringify(rest) }) });
      const body: unknown = response.status === 204 ? undefined : await response.json();
      if (response.ok) return body as Result;
      const { name: fault, message, data } = body as Omit<Fault, "status">;
      throw { name: fault, message, status: response.status, data } satisfies Fault;
    },
    events: (after, signal) => sse(`${url}/event?after=${after}`, signal, (data) => data),
    [Symbol.asyncDispose]: async () => {},
  };
}

async function* sse(url: string, signal: AbortSignal, read: (data: unknown) => unknown): AsyncGenerator<StreamEvent> {
  const response = await fetch(url, { headers: { accept: "text/event-stream" }, signal });
  const frames = response.body?.pipeThrough(new TextDecoderStream()).pipeThrough(new EventSourceParserStream());
  try {
    for await (const { id, event, data } of frames ?? [])
      if (event === undefined) yield { cursor: id === undefined ? undefined : Number(id), event: read(JSON.parse(data)) as AnyEvent };
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
