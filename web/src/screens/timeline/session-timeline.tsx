import { getRouteApi } from "@tanstack/react-router";
import type { TimelineTurn } from "../../../../src/client/client.ts";
import { useActions } from "../../app/actions.ts";
import { reasonOf } from "../../live/follow.ts";
import { Button } from "../../ui/button.tsx";
import { download } from "../../ui/download.ts";
import { Empty } from "../../ui/empty.tsx";
import { Menu } from "../../ui/menu.tsx";
import { Spinner } from "../../ui/spinner.tsx";
import { Tabs } from "../../ui/tabs.tsx";
import { timelineCsv } from "./export.ts";
import { Plots } from "./plots.tsx";
import { TurnList } from "./turn-list.tsx";
import { TurnView } from "./turn-view.tsx";
import { useTimeline } from "./use-timeline.ts";

const route = getRouteApi("/timeline");

/** A session's turns: one of them as a waterfall, or all of them as plots. */
export function SessionTimeline({ sessionID }: { sessionID: string }) {
  const { turn: named, view } = route.useSearch();
  const navigate = route.useNavigate();
  const { turns, error, loadEarlier, isLoadingEarlier } = useTimeline(sessionID);
  const chosen = turns?.find(({ messageID }) => messageID === named) ?? turns?.at(-1);
  const step = (by: number) => {
    const next = chosen === undefined ? undefined : turns?.[turns.indexOf(chosen) + by];
    if (next !== undefined) void navigate({ search: (before) => ({ ...before, turn: next.messageID }), replace: true });
  };
  useActions(() => [
    { id: "timeline.next", title: "Next turn", group: "Timeline", keys: "j", repeats: true, run: () => step(1) },
    { id: "timeline.previous", title: "Previous turn", group: "Timeline", keys: "k", repeats: true, run: () => step(-1) },
    ...exportsOf(sessionID, turns ?? []).map(({ title, run }) => ({ id: `timeline.${title}`, title, group: "Timeline", run })),
  ]);
  if (turns === undefined && error !== null) return <Empty title="The timeline could not be loaded">{reasonOf(error)}</Empty>;
  if (turns === undefined) {
    return (
      <div className="flex flex-1 items-center justify-center">
        <Spinner label="Loading the timeline" className="size-6" />
      </div>
    );
  }
  if (chosen === undefined) return <Empty title="Nothing was asked of this session yet">Its first prompt begins its timeline.</Empty>;
  const list = (
    <TurnList sessionID={sessionID} turns={turns} chosen={chosen} loadEarlier={loadEarlier} isLoadingEarlier={isLoadingEarlier} />
  );
  return (
    <div className="relative flex min-h-0 flex-1 flex-col">
      <div className="absolute top-0.5 right-2 z-10">
        <Menu trigger={<Button variant="quiet">Export</Button>} items={exportsOf(sessionID, turns)} />
      </div>
      <Tabs
        label="Timeline"
        value={view === "plots" ? "plots" : "waterfall"}
        onChange={(next) => void navigate({ search: (before) => ({ ...before, view: next === "plots" ? next : undefined }) })}
        tabs={[
          {
            value: "waterfall",
            title: "Waterfall",
            content: (
              <div className="flex min-h-0 flex-1 flex-col md:flex-row">
                {list}
                <TurnView key={chosen.messageID} sessionID={sessionID} turn={chosen} />
              </div>
            ),
          },
          { value: "plots", title: "Tokens and cost", content: <Plots sessionID={sessionID} turns={turns} /> },
        ]}
      />
    </div>
  );
}

function exportsOf(sessionID: string, turns: TimelineTurn[]): { title: string; run(): void }[] {
  const json = () =>
    download(`timeline-${sessionID}.json`, { type: "application/json", text: JSON.stringify({ sessionID, turns }, null, 2) });
  const csv = () => download(`timeline-${sessionID}.csv`, { type: "text/csv", text: timelineCsv(turns) });
  return [
    { title: "Export as JSON", run: json },
    { title: "Export as CSV", run: csv },
  ];
}
