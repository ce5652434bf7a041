import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import { useApi } from "../../app/client.ts";
import { reasonOf } from "../../live/follow.ts";
import { clockOffset, lastDays, startOfDay } from "../../ui/days.ts";
import { Empty } from "../../ui/empty.tsx";
import { Screen } from "../../ui/screen.tsx";
import { Select } from "../../ui/select.tsx";
import { Spinner } from "../../ui/spinner.tsx";
import { DayPlots } from "./day-plots.tsx";
import { dimensions } from "./report.ts";
import { UsageTable } from "./usage-table.tsx";

const route = getRouteApi("/usage");
const spans = ["7", "30", "90", "365"];

/** What was spent: by day as plots, and by model, project, session or day as a table. */
export function Usage() {
  const { by: wanted, days: span = "30", project } = route.useSearch();
  const navigate = route.useNavigate();
  const by = dimensions.find((dimension) => dimension === wanted) ?? "model";
  const [now] = useState(() => Date.now());
  const days = useMemo(() => lastDays(spans.includes(span) ? Number(span) : 30, now), [span, now]);
  const range = { from: startOfDay(days[0] ?? ""), offset: clockOffset(), projectID: project };
  const api = useApi();
  const projects = useQuery(api.project.list.queryOptions());
  const daily = useQuery(api.usage.report.queryOptions({ ...range, by: ["day"] }));
  const names = useMemo(() => new Map(projects.data?.map(({ id, name, worktree }) => [id, name ?? worktree])), [projects.data]);
  const change = (search: { by?: string; days?: string; project?: string }) =>
    void navigate({ search: (before) => ({ ...before, ...search }), replace: true });
  return (
    <Screen
      title="Usage"
      actions={
        <div className="flex w-full gap-2 sm:w-auto">
          <Select
            label="Project"
            isLabelHidden
            className="flex-1 sm:max-w-56"
            value={project ?? ""}
            options={[{ value: "", title: "Every project" }, ...[...names].map(([value, title]) => ({ value, title }))]}
            onChoose={(value) => change({ project: value })}
          />
          <Select
            label="Time"
            isLabelHidden
            value={span}
            options={spans.map((value) => ({ value, title: `${value} days` }))}
            onChoose={(value) => change({ days: value })}
          />
        </div>
      }
    >
      {daily.error !== null && <Empty title="The usage could not be loaded">{reasonOf(daily.error)}</Empty>}
      {daily.isPending && (
        <div className="flex flex-1 items-center justify-center">
          <Spinner label="Loading the usage" className="size-6" />
        </div>
      )}
      {daily.data?.total.calls === 0 && (
        <Empty title="Nothing was spent in this time">Calls of models are counted here when they have ended.</Empty>
      )}
      {daily.data !== undefined && daily.data.total.calls > 0 && (
        <div className="flex flex-col gap-8 p-4">
          <DayPlots report={daily.data} days={days} />
          <UsageTable by={by} range={range} projects={names} onBy={(next) => change({ by: next })} />
        </div>
      )}
    </Screen>
  );
}
