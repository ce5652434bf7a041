import { useInfiniteQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { useCalls } from "../../app/client.ts";
import { useLiveStore } from "../../live/hooks.ts";
import { sessionOf } from "../../live/session-of.ts";

const atOnce = 50;
/** Milliseconds between two looks at a session that works. */
const pause = 700;

/** The turns of a session, oldest first, kept up while it works; `loadEarlier` is there as long as there are more. */
export function useTimeline(sessionID: string) {
  const { session } = useCalls();
  const { data, error, refetch, hasNextPage, isFetchingNextPage, fetchNextPage } = useInfiniteQuery({
    queryKey: ["timeline", sessionID],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) => session.timeline.query({ sessionID, limit: atOnce, before: pageParam }, { signal }),
    getNextPageParam: ({ before }) => before,
  });
  useRefresh(sessionID, refetch);
  return {
    turns: data?.pages.toReversed().flatMap(({ turns }) => turns),
    error,
    isLoadingEarlier: isFetchingNextPage,
    loadEarlier: hasNextPage ? () => void fetchNextPage() : undefined,
  };
}

/** After events of the session, but not after each. */
function useRefresh(sessionID: string, refresh: () => unknown): void {
  const live = useLiveStore();
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const later = () => {
      timer ??= setTimeout(() => {
        timer = undefined;
        refresh();
      }, pause);
    };
    const stop = live.hear(({ event }) => {
      if (event.type !== "message.part.delta" && sessionOf(event) === sessionID) later();
    });
    return () => {
      stop();
      clearTimeout(timer);
    };
  }, [live, sessionID, refresh]);
}
