import { QueryClient } from "@tanstack/react-query";
import { createTRPCOptionsProxy, type TRPCOptionsProxy } from "@trpc/tanstack-react-query";
import { createContext, useContext } from "react";
import { type AppRouter, type Client, createClient } from "../../../src/client/client.ts";
import { isRefusal } from "../live/follow.ts";
import { createLive, type Live } from "../live/live.ts";
import { serverAddress } from "./base.ts";
import type { Login } from "./login.ts";

export type Api = TRPCOptionsProxy<AppRouter, { keyPrefix: true }>;

/** All that a page has of its server. */
export interface Server extends AsyncDisposable {
  client: Client;
  queryClient: QueryClient;
  live: Live;
  /** The calls of a directory (the server's own unless named), plain and as options for TanStack Query. */
  of(directory: string | undefined): { calls: Client["api"]; api: Api };
}

export function connect(login: Login, onRefused: () => void): Server {
  const client = createClient({ url: serverAddress, ...login, tickets: true });
  const queryClient = createQueries(onRefused);
  const places = new Map<string, { calls: Client["api"]; api: Api; close(): Promise<void> }>();
  function of(directory = "") {
    const known = places.get(directory);
    if (known !== undefined) return known;
    const { api: calls, close } =
      directory === ""
        ? { api: client.api, close: async () => {} }
        : createClient({ url: serverAddress, ...login, tickets: true, directory });
    const api = createTRPCOptionsProxy<AppRouter, { keyPrefix: true }>({ client: calls, queryClient, keyPrefix: directory });
    const place = { calls, api, close };
    places.set(directory, place);
    return place;
  }
  return {
    client,
    queryClient,
    live: createLive({ client, schedule: nextFrame, onRefused }),
    of,
    async [Symbol.asyncDispose]() {
      await Promise.all([client.close(), ...[...places.values()].map(({ close }) => close())]);
    },
  };
}

function createQueries(onRefused: () => void): QueryClient {
  const queryClient = new QueryClient({
    defaultOptions: { queries: { staleTime: 10_000, refetchOnWindowFocus: true, retry: (count, error) => count < 2 && !isAnswer(error) } },
  });
  queryClient.getQueryCache().config.onError = (error) => {
    if (isRefusal(error)) onRefused();
  };
  return queryClient;
}

/** The server has spoken: asking again would bring the same. */
function isAnswer(error: unknown): boolean {
  return typeof error === "object" && error !== null && "data" in error && error.data !== undefined && error.data !== null;
}

/** A page that nobody sees gets no frames, and has a title and notifications all the same. */
function nextFrame(run: () => void): void {
  let isDone = false;
  const once = () => {
    if (isDone) return;
    isDone = true;
    cancelAnimationFrame(frame);
    clearTimeout(timer);
    run();
  };
  const frame = requestAnimationFrame(once);
  const timer = setTimeout(once, 250);
}

const context = createContext<Server | undefined>(undefined);

export const ServerProvider = context.Provider;

export function useServer(): Server {
  const server = useContext(context);
  if (server === undefined) throw new Error("There is no ServerProvider above this component.");
  return server;
}

/** Options for TanStack Query's hooks, of a directory: `useQuery(useApi(session.directory).vcs.status.queryOptions())`. */
export const useApi = (directory?: string): Api => useServer().of(directory).api;

/** Plain calls: `await useCalls().session.abort.mutate({ sessionID })`. */
export const useCalls = (directory?: string): Client["api"] => useServer().of(directory).calls;
