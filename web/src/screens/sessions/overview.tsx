import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useCallback, useMemo, useState } from "react";
import { useApi } from "../../app/client.ts";
import { reasonOf } from "../../live/follow.ts";
import { useActivities, useLive, useSessions } from "../../live/hooks.ts";
import { Button } from "../../ui/button.tsx";
import { Empty } from "../../ui/empty.tsx";
import { Spinner } from "../../ui/spinner.tsx";
import { Changing } from "./changing.tsx";
import { FilterBar } from "./filter-bar.tsx";
import { type Filters, tagsOf } from "./filters.ts";
import { Found } from "./found.tsx";
import { projectsIn, rowsOf } from "./rows.ts";
import { useListed } from "./use-listed.ts";

/** Not for those who have sessions. */
const FirstSteps = lazy(() => import("./first-steps.tsx"));

interface OverviewProps {
  filters: Filters;
  onFilter(change: { q?: string; project?: string; tag?: string; show?: string }): void;
  /** Shows sessions side by side. */
  onBeside(ids: readonly string[]): void;
}

/** The list of sessions, or where the words of a search are in them. */
export function Overview({ filters, onFilter, onBeside }: OverviewProps) {
  const { rows, projects, tags, onToggle } = useRows(filters);
  const listed = useListed(filters);
  const isLoaded = useLive(({ loaded }) => loaded) && !listed.isLoading;
  const isEmpty = rows.length === 0 && filters.query === "";
  return (
    <>
      <FilterBar filters={filters} projects={projects} tags={tags} onChange={onFilter} />
      {listed.error !== null && (
        <p role="alert" className="border-danger border-b px-4 py-2 text-danger">
          {reasonOf(listed.error)}
        </p>
      )}
      {filters.query !== "" && <Found filters={filters} />}
      {isEmpty && !isLoaded && (
        <div className="p-4">
          <Spinner />
        </div>
      )}
      {isEmpty && isLoaded && <Nothing filters={filters} />}
      {filters.query === "" && (
        <Changing
          rows={rows}
          tags={tags}
          isArchive={filters.show === "archived"}
          onToggle={onToggle}
          onBeside={onBeside}
          end={listed.more && <More onMore={listed.more} />}
        />
      )}
    </>
  );
}

function More({ onMore }: { onMore(): void }) {
  return (
    <div className="p-4">
      <Button onClick={onMore}>Show older sessions</Button>
    </div>
  );
}

function Nothing({ filters: { project, tag, show } }: { filters: Filters }) {
  if (project !== "" || tag !== "") return <Empty title="No session is like that">Other filters may show some.</Empty>;
  if (show === "active") return <Empty title="Nothing is going on">Sessions that work or wait for an answer show up here.</Empty>;
  if (show === "archived") return <Empty title="The archive is empty" />;
  return (
    <Suspense>
      <FirstSteps />
    </Suspense>
  );
}

function useRows(filters: Filters) {
  const sessions = useSessions();
  const activities = useActivities();
  const { data: projects = [] } = useQuery(useApi().project.list.queryOptions());
  const [toggled, setToggled] = useState<ReadonlySet<string>>(new Set());
  const { project, tag, show, query } = filters;
  const rows = useMemo(
    () => rowsOf({ sessions, projects, activities, toggled, filters: { project, tag, show, query } }),
    [sessions, projects, activities, toggled, project, tag, show, query],
  );
  const onToggle = useCallback((id: string) => setToggled((before) => without(before, id) ?? new Set([...before, id])), []);
  return {
    rows,
    onToggle,
    projects: useMemo(() => projectsIn(sessions, projects), [sessions, projects]),
    tags: useMemo(() => tagsOf(sessions), [sessions]),
  };
}

/** The set without it, if it was in it. */
function without(set: ReadonlySet<string>, id: string): ReadonlySet<string> | undefined {
  return set.has(id) ? new Set([...set].filter((other) => other !== id)) : undefined;
}
