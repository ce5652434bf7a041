import { createTRPCContext } from "@trpc/tanstack-react-query";
import { useEffect, useEffectEvent } from "react";
import type { AppRouter } from "./api.gen.ts";
import type { Client, EventsOptions, StreamedEvent } from "./client.ts";

const context = createTRPCContext<AppRouter>();

/** Gives the components below it the client: `<CodeportProvider trpcClient={client.api} queryClient={queryClient}>`. */
export const CodeportProvider = context.TRPCProvider;

/** Options for TanStack Query's hooks: `useQuery(useCodeport().session.list.queryOptions({}))`. */
export const useCodeport = context.useTRPC;

/** The plain calls of the client that the provider was given. */
export const useCodeportClient = context.useTRPCClient;

/** Calls `onEvent` with each event while the component is there; a lost connection resumes by itself. `onError` hears why the server refused. */
export function useEvents(
  client: Pick<Client, "events">,
  onEvent: (event: StreamedEvent) => void,
  { after, directory, onError }: Omit<EventsOptions, "signal"> & { onError?: (error: unknown) => void } = {},
): void {
  const told = useEffectEvent(onEvent);
  const failed = useEffectEvent((error: unknown) => onError?.(error));
  useEffect(() => {
    const ends = new AbortController();
    const follow = async () => {
      for await (const event of client.events({ after, directory, signal: ends.signal })) told(event);
    };
    follow().catch(failed);
    return () => ends.abort();
  }, [client, after, directory]);
}
