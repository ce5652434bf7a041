import { useInfiniteQuery } from "@tanstack/react-query";
import { useEffect, useMemo } from "react";
import { useApi } from "../../app/client.ts";
import { useConnection, useLiveStore } from "../../live/hooks.ts";
import type { Filters } from "./filters.ts";

const page = 200;

/** Brings the sessions that are wanted into the live state, page by page, with what no event tells of them: why they failed, since when they work. */
export function useListed({ project, tag, show }: Filters): { isLoading: boolean; error: unknown; more: (() => void) | undefined } {
  const live = useLiveStore();
  const { state } = useConnection();
  const input = {
    limit: page,
    ...(show === "active" && { active: true }),
    ...(show === "archived" && { archived: "only" as const }),
    ...(tag !== "" && { tags: [tag] }),
    ...(isProjectID(project) && { projectID: project }),
  };
  const listed = useInfiniteQuery({
    ...useApi().session.all.infiniteQueryOptions(input, { getNextPageParam: ({ cursor }) => cursor }),
    // A connection that is new may be to a server that has started anew.
    enabled: state === "open",
    refetchOnWindowFocus: false,
  });
  const items = useMemo(() => listed.data?.pages.flatMap((one) => one.items), [listed.data]);
  useEffect(() => {
    if (items !== undefined) live.list(items);
  }, [items, live]);
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = listed;
  return {
    isLoading: listed.isLoading,
    error: listed.error,
    more: hasNextPage && !isFetchingNextPage ? () => void fetchNextPage() : undefined,
  };
}

/** What is in no version control is known by its directory alone. */
const isProjectID = (project: string): boolean => project !== "" && !/[\\/]/.test(project);
