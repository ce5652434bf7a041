import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { SessionHit } from "../../../../src/client/client.ts";
import { useApi } from "../../app/client.ts";
import { reasonOf } from "../../live/follow.ts";
import { useActivities, useSessions } from "../../live/hooks.ts";
import { Button } from "../../ui/button.tsx";
import { Empty } from "../../ui/empty.tsx";
import { nameOf } from "../../ui/paths.ts";
import { Spinner } from "../../ui/spinner.tsx";
import { Time } from "../../ui/time.tsx";
import { ActivityBadge } from "./activity-badge.tsx";
import { type Filters, projectKey } from "./filters.ts";
import { piecesOf } from "./pieces.ts";

/** Where the words of the search are: in titles and in what was said. */
export function Found({ filters }: { filters: Filters }) {
  const { query } = filters;
  const api = useApi();
  const found = useInfiniteQuery({
    ...api.session.search.infiniteQueryOptions({ query, limit: 50 }, { getNextPageParam: ({ cursor }) => cursor }),
    placeholderData: keepPreviousData,
  });
  const isWanted = useWanted(filters);
  if (found.isError)
    return (
      <Empty title="The search failed" role="alert">
        {reasonOf(found.error)}
      </Empty>
    );
  const hits = found.data?.pages.flatMap(({ items }) => items).filter(isWanted);
  if (hits === undefined)
    return (
      <div className="p-4">
        <Spinner label="Searching" />
      </div>
    );
  return (
    <div className="min-h-0 flex-1 overflow-y-auto">
      {hits.length === 0 && <Empty title="Nothing was found">Each word is looked for as a word or its beginning.</Empty>}
      <ul aria-label="Found sessions">
        {[...Map.groupBy(hits, ({ sessionID }) => sessionID).values()].map((of) => (
          <FoundSession key={of[0]?.sessionID} hits={of} />
        ))}
      </ul>
      {found.hasNextPage && (
        <div className="p-4">
          <Button disabled={found.isFetchingNextPage} onClick={() => void found.fetchNextPage()}>
            More
          </Button>
        </div>
      )}
    </div>
  );
}

function useWanted({ project, tag, show }: Filters): (hit: SessionHit) => boolean {
  const sessions = new Map(useSessions().map((session) => [session.id, session]));
  const activities = useActivities();
  return (hit) => {
    if (project !== "" && projectKey(hit) !== project) return false;
    if (tag !== "" && !sessions.get(hit.sessionID)?.tags?.includes(tag)) return false;
    if (show === "active") return !["idle", "failed"].includes(activities[hit.sessionID] ?? "idle");
    return show === "current" || hit.archived !== undefined;
  };
}

function FoundSession({ hits }: { hits: SessionHit[] }) {
  const [first] = hits;
  const activities = useActivities();
  if (first === undefined) return null;
  const { sessionID, title, directory, archived } = first;
  const texts = hits.filter(({ messageID }) => messageID !== undefined);
  const inTitle = hits.find(({ messageID }) => messageID === undefined);
  return (
    <li className="border-line border-b px-4 py-2">
      <div className="flex flex-wrap items-center gap-x-3">
        <Link to="/session/$sessionID" params={{ sessionID }} className="min-w-0 truncate py-1 font-medium hover:underline">
          {inTitle === undefined ? title : <Snippet hit={inTitle} />}
        </Link>
        <span className="truncate text-muted text-xs" title={directory}>
          {nameOf(directory)}
        </span>
        {archived !== undefined && <span className="text-muted text-xs">archived</span>}
        <ActivityBadge sessionID={sessionID} activity={activities[sessionID] ?? "idle"} />
      </div>
      <ul>
        {texts.map((hit) => (
          <li key={`${hit.partID}`}>
            <Link
              to="/session/$sessionID"
              params={{ sessionID }}
              search={{ message: hit.messageID }}
              className="flex min-h-8 items-baseline gap-3 rounded-md px-2 py-1 hover:bg-hover touch:min-h-11"
            >
              <span className="w-16 shrink-0 text-muted text-xs">{hit.role === "user" ? "You" : "Assistant"}</span>
              <span className="min-w-0 flex-1 break-words">
                <Snippet hit={hit} />
              </span>
              <span className="text-muted text-xs">
                <Time at={hit.time} />
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </li>
  );
}

function Snippet({ hit }: { hit: SessionHit }) {
  return piecesOf(hit).map(({ start, text, isMatch }) =>
    isMatch ? (
      <mark key={start} className="rounded-sm bg-transparent font-semibold text-accent underline">
        {text}
      </mark>
    ) : (
      <span key={start}>{text}</span>
    ),
  );
}
