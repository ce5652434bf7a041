import {
  createTRPCClient,
  createWSClient,
  httpBatchLink,
  httpLink,
  httpSubscriptionLink,
  splitLink,
  type TRPCClient,
  type TRPCLink,
  wsLink,
} from "@trpc/client";
import { EventSource } from "eventsource";
import superjson from "superjson";
import type { AppRouter } from "./api.gen.ts";
import { type EventsOptions, followEvents, type StreamedEvent } from "./events.ts";
import { type Run, type RunOptions, runPrompt } from "./run.ts";

export interface ClientOptions {
  /** `http://127.0.0.1:4096`, with the base path if the server has one. */
  url: string;
  /** The server's password; sent as HTTP Basic. */
  password?: string;
  /** Goes with the password; `opencode` unless told. */
  username?: string;
  /** A token made by `codeport token create`, instead of a password. */
  token?: string;
  /** The directory that calls are about, absolute on the server's machine; its own unless told. */
  directory?: string;
  /**
   * Opens each WebSocket with a one-use ticket instead of the credential, which so stands in no address: for pages, whose addresses are seen by more than
   * their user. Needs a password or a token; without either, nothing is asked for.
   */
  tickets?: boolean;
  /** How subscriptions travel: a WebSocket (`ws`) or server-sent events (`sse`), both resumed after a lost connection. */
  transport?: "ws" | "sse";
}

/** Everything a server can do. Closing it ends its subscriptions. */
export interface Client extends AsyncDisposable {
  /** Every procedure: `client.api.session.create.mutate({ title })`. */
  api: TRPCClient<AppRouter>;
  /** Events as they happen, or after a position of the log; ends with the signal, throws what the server refuses. */
  events(options?: EventsOptions): AsyncGenerator<StreamedEvent, void>;
  /** Sends a prompt; iterate it for the parts as they are written, await its `result` for the end. */
  run(prompt: string | RunOptions): Run;
  close(): Promise<void>;
}

/** These take minutes; in a batch they would hold back the answers of the others. */
const longCalls = new Set([
  "session.prompt",
  "session.command",
  "session.shell",
  "session.summarize",
  "session.init",
  "api.chat",
  "tool.run",
  "tui.ask",
  "tui.next",
]);

/** Opens nothing yet: the first call or subscription connects. Throws TypeError for an address that is none. */
export function createClient(options: ClientOptions): Client {
  const address = `${new URL(options.url).href.replace(/\/+$/, "")}/trpc`;
  const credential = credentialOf(options);
  const headers = {
    ...(credential && { authorization: `${credential.scheme} ${credential.value}` }),
    ...(options.directory !== undefined && { "x-opencode-directory": encodeURIComponent(options.directory) }),
  };
  const ends = new AbortController();
  const http = { url: address, headers, transformer: superjson, fetch: reaching(options.url) };
  const subscriptions =
    options.transport === "sse" ? serverSentEvents(address, headers) : webSocket(address, { headers, credential, ...options });
  const close = async () => {
    ends.abort();
    await subscriptions.close();
  };
  const api = createTRPCClient<AppRouter>({
    links: [
      splitLink({
        condition: ({ type }) => type === "subscription",
        true: [endedBy(ends.signal), subscriptions.link],
        false: splitLink({
          condition: ({ path }) => longCalls.has(path),
          true: httpLink(http),
          false: httpBatchLink({ ...http, maxURLLength: 2_000, maxItems: 20 }),
        }),
      }),
    ],
  });
  const client: Client = {
    api,
    events: (events) => followEvents(api, { ...events, signal: eitherOf(ends.signal, events?.signal) }),
    run: (prompt) => runPrompt(client, typeof prompt === "string" ? { text: prompt } : prompt),
    close,
    [Symbol.asyncDispose]: close,
  };
  return client;
}

/** As `fetch`, whose own words for a server that is away (`fetch failed`) do not say which. */
const reaching =
  (url: string): typeof fetch =>
  (input, init) =>
    fetch(input, init).catch((error: unknown) => {
      if (init?.signal?.aborted || !(error instanceof TypeError)) throw error;
      throw new TypeError(`No server can be reached at ${url}.`, { cause: error });
    });

/** Ends the subscriptions that pass: by itself neither transport gives up one whose client was closed. */
function endedBy(signal: AbortSignal): TRPCLink<AppRouter> {
  return () =>
    ({ op, next }) =>
      next({ ...op, signal: eitherOf(signal, op.signal) });
}

const eitherOf = (signal: AbortSignal, other: AbortSignal | null | undefined): AbortSignal =>
  other ? AbortSignal.any([signal, other]) : signal;

interface Credential {
  scheme: "Basic" | "Bearer";
  value: string;
}

function credentialOf({ password, username = "opencode", token }: ClientOptions): Credential | undefined {
  if (token !== undefined) return { scheme: "Bearer", value: token };
  if (password === undefined) return undefined;
  const bytes = new TextEncoder().encode(`${username}:${password}`);
  return { scheme: "Basic", value: btoa(String.fromCharCode(...bytes)) };
}

interface Subscriptions {
  link: TRPCLink<AppRouter>;
  close(): Promise<void>;
}

interface SocketOptions {
  credential?: Credential;
  directory?: string;
  tickets?: boolean;
  headers: Record<string, string>;
}

/** A browser's WebSocket sends no headers, so a ticket or the credential, and the directory, travel in the address: made anew for each connection. */
function webSocket(address: string, { credential, directory, tickets, headers }: SocketOptions): Subscriptions {
  async function connectionAddress(): Promise<string> {
    const url = new URL(address.replace(/^http/, "ws"));
    if (credential !== undefined && tickets) url.searchParams.set("ticket", await takeTicket(address, headers));
    else if (credential !== undefined) url.searchParams.set("auth_token", credential.value);
    if (directory !== undefined) url.searchParams.set("directory", directory);
    return url.href;
  }
  const socket = createWSClient({
    url: connectionAddress,
    lazy: { enabled: true, closeMs: 10_000 },
    retryDelayMs: (attempt) => Math.min(5_000, 100 * 2 ** attempt),
    keepAlive: { enabled: true },
  });
  return { link: wsLink({ client: socket, transformer: superjson }), close: async () => void (await socket.close()) };
}

/** Opens one stream, once, with the rights of the credential. Throws TRPCClientError when the credential is refused. */
async function takeTicket(address: string, headers: Record<string, string>): Promise<string> {
  const api = createTRPCClient<AppRouter>({ links: [httpLink({ url: address, headers, transformer: superjson })] });
  return (await api.token.ticket.mutate()).ticket;
}

function serverSentEvents(url: string, headers: Record<string, string>): Subscriptions {
  const link = httpSubscriptionLink<AppRouter, typeof EventSource>({
    url,
    transformer: superjson,
    EventSource,
    eventSourceOptions: () => ({ fetch: (input, init) => fetch(input, { ...init, headers: { ...init.headers, ...headers } }) }),
  });
  return { link, close: async () => {} };
}

export type * from "./api.gen.ts";
export type { EventsOptions, StreamedEvent } from "./events.ts";
export type { PermissionReply, Run, RunOptions, RunResult } from "./run.ts";
