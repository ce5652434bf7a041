import { setTimeout as delay } from "node:timers/promises";
import { createTRPCClient, createWSClient, httpLink, splitLink, wsLink } from "@trpc/client";
import superjson from "superjson";
import type { AppRouter } from "../../routers/index.ts";
import type { Credentials } from "./env.ts";
import { Failure } from "./failure.ts";

export interface ClientOptions {
  /** `http://host:port`, with the base path if there is one. */
  url: string;
  credentials?: Credentials;
  /** Where the server is to work; its own directory if not given. */
  directory?: string;
}

export type Api = ReturnType<typeof createTRPCClient<AppRouter>>;

/** Calls over HTTP, subscriptions over one WebSocket that reconnects and resumes by itself. */
export interface Client extends AsyncDisposable {
  api: Api;
  /** Rejects with Failure "connect" when the WebSocket was gone for longer than `patience`. */
  lost: Promise<never>;
}

/** How long a lost connection may take to come back before the command gives up, in ms. */
const patience = 10_000;
/** How long the server may take to answer a goodbye, in ms. */
const farewell = 500;

export function createClient({ url, credentials, directory }: ClientOptions): Client {
  const headers = { ...authorization(credentials), ...directoryHeader(directory) };
  const address = `${url.replace(/\/+$/, "")}/trpc`;
  const { promise: lost, reject } = Promise.withResolvers<never>();
  // Whoever awaits it hears of it; nobody may be waiting yet.
  lost.catch(() => undefined);
  let absent: NodeJS.Timeout | undefined;
  let disposed = false;
  const socket = createWSClient({
    url: address.replace(/^http/, "ws"),
    WebSocket: withHeaders(headers),
    retryDelayMs: (attempt) => Math.min(1_000, 100 * 2 ** attempt),
    onOpen: () => {
      clearTimeout(absent);
      absent = undefined;
    },
    onClose: () => {
      if (disposed) return;
      absent ??= setTimeout(
        () =>
          reject(
            new Failure("connect", `The connection to ${url} was lost and did not come back; if the server still runs, so does the turn.`),
          ),
        patience,
      );
    },
  });
  const api = createTRPCClient<AppRouter>({
    links: [
      splitLink({
        condition: (operation) => operation.type === "subscription",
        true: wsLink({ client: socket, transformer: superjson }),
        false: httpLink({
          url: address,
          headers: ({ op }) => ({ ...headers, ...directoryHeader(op.context.directory) }),
          transformer: superjson,
        }),
      }),
    ],
  });
  return {
    api,
    lost,
    async [Symbol.asyncDispose]() {
      disposed = true;
      clearTimeout(absent);
      // A socket that could never be opened is never said to be closed.
      await Promise.race([socket.close(), delay(farewell)]);
    },
  };
}

function authorization(credentials: Credentials | undefined): Record<string, string> {
  if (!credentials) return {};
  return { authorization: `Basic ${Buffer.from(`${credentials.username}:${credentials.password}`).toString("base64")}` };
}

/** A call may name another directory in its context. */
function directoryHeader(directory: unknown): Record<string, string> {
  return typeof directory === "string" ? { "x-opencode-directory": encodeURIComponent(directory) } : {};
}

/** Node's WebSocket takes headers, which the link has no option for; in an address the password would end up in logs. */
function withHeaders(headers: Record<string, string>): typeof WebSocket {
  return new Proxy(WebSocket, { construct: (target, [url]: [string]) => new target(url, { headers }) });
}
