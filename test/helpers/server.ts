import { createTRPCClient, createWSClient, httpBatchLink, splitLink, type TRPCClient, wsLink } from "@trpc/client";
import { EventSourceParserStream } from "eventsource-parser/stream";
import superjson from "superjson";
import { type AppRouter, appRouter } from "../../routers/index.ts";
import type { AnyEvent } from "../../src/schema/event.ts";
import { type Listening, type ListenOptions, listen } from "../../src/server/listen.ts";
import { checkAnswers } from "./answers.ts";
import { type TestApp, testApp } from "./app.ts";

export interface TestServer extends TestApp {
  listening: Listening;
  url: string;
}

/** A free port of this machine, for whoever is on it. */
export const anywhere = { router: appRouter, hostname: "127.0.0.1", port: 0, anyPort: true, cors: [], allowedHosts: [] };

/** The real app of `testApp`, on a free port. Disposal throws Error for answers that are not as `GET /doc` describes them. */
export async function testServer(options: Parameters<typeof testApp>[0] & { listen?: Partial<ListenOptions> } = {}): Promise<TestServer> {
  const { listen: place, ...rest } = options;
  const test = await testApp(rest);
  const listening = await listen(test.app, { ...anywhere, ...place });
  const answers = checkAnswers({ url: listening.url, router: place?.router ?? appRouter });
  return {
    ...test,
    listening,
    url: listening.url,
    async [Symbol.asyncDispose]() {
      await listening.close();
      await test[Symbol.asyncDispose]();
      answers[Symbol.dispose]();
    },
  };
}

/** A typed client as users have it: subscriptions over WebSocket, the rest over HTTP. */
export function trpcClient(url: string): { trpc: TRPCClient<AppRouter> } & AsyncDisposable {
  const client = createWSClient({ url: `${url.replace("http", "ws")}/trpc` });
  const trpc = createTRPCClient<AppRouter>({
    links: [
      splitLink({
        condition: ({ type }) => type === "subscription",
        true: wsLink({ client, transformer: superjson }),
        false: httpBatchLink({ url: `${url}/trpc`, transformer: superjson }),
      }),
    ],
  });
  return { trpc, [Symbol.asyncDispose]: () => client.close() };
}

export interface StreamedEvent {
  /** The cursor, on durable events. */
  id?: string;
  event: AnyEvent;
}

/** Reads `GET /event` (or another `path` of its kind) until the signal aborts or the server ends it. */
export async function* readEvents(
  url: string,
  options: { after?: string; path?: string; signal?: AbortSignal } = {},
): AsyncGenerator<StreamedEvent> {
  const headers: Record<string, string> = options.after === undefined ? {} : { "last-event-id": options.after };
  const response = await fetch(url + (options.path ?? "/event"), { headers, signal: options.signal });
  if (!response.ok || !response.body) throw new Error(`GET /event answered ${response.status}: ${await response.text()}`);
  const frames = response.body.pipeThrough(new TextDecoderStream()).pipeThrough(new EventSourceParserStream());
  for await (const { id, data } of frames) yield { id, event: JSON.parse(data) };
}

/** Collects streamed events in the background; ends when the connection does. */
export function follow(
  url: string,
  options: { after?: string; path?: string } = {},
): { events: StreamedEvent[]; until(when: (event: AnyEvent) => boolean): Promise<void>; ended: Promise<void> } & Disposable {
  const ends = new AbortController();
  const events: StreamedEvent[] = [];
  const waiting = new Set<() => void>();
  const notify = () => {
    for (const look of [...waiting]) look();
  };
  const run = async () => {
    for await (const streamed of readEvents(url, { ...options, signal: ends.signal })) {
      events.push(streamed);
      notify();
    }
  };
  return {
    events,
    // A server that dies breaks the connection: that ends the stream too.
    ended: run().catch(() => {}),
    until: (when) =>
      new Promise((resolve) => {
        const look = () => {
          if (!events.some(({ event }) => when(event))) return;
          waiting.delete(look);
          resolve();
        };
        waiting.add(look);
        look();
      }),
    [Symbol.dispose]: () => ends.abort(),
  };
}

export async function getJSON<Body>(url: string): Promise<Body> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`GET ${url} answered ${response.status}: ${await response.text()}`);
  return (await response.json()) as Body;
}

export async function postJSON<Body>(url: string, body: unknown): Promise<Body> {
  const response = await fetch(url, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
  if (!response.ok) throw new Error(`POST ${url} answered ${response.status}: ${await response.text()}`);
  return (response.status === 204 ? undefined : await response.json()) as Body;
}
