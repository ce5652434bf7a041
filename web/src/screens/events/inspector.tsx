import { getRouteApi } from "@tanstack/react-router";
import { useDeferredValue, useMemo, useState } from "react";
import { useActions } from "../../app/actions.ts";
import { toast, toastFault } from "../../app/toasts.ts";
import { Button } from "../../ui/button.tsx";
import { Empty } from "../../ui/empty.tsx";
import { EventRows } from "./event-rows.tsx";
import { Filters } from "./filters.tsx";
import { CopyEvents, Payload } from "./payload.tsx";
import { type Entry, filterOf } from "./record.ts";
import { useEarlier, useRecording } from "./recording.ts";

const route = getRouteApi("/events");

/** Every event of every directory, filtered, and the payload of the chosen one. */
export function Inspector() {
  const { recording, entries } = useRecording();
  const earlier = useEarlier(recording);
  const [frozen, setFrozen] = useState<readonly Entry[]>();
  const [chosen, setChosen] = useState<Entry>();
  const { type, session, q } = route.useSearch();
  const all = useDeferredValue(frozen ?? entries);
  const shown = useMemo(() => all.filter(filterOf({ type, session, q })), [all, type, session, q]);
  const pause = () => setFrozen(frozen === undefined ? entries : undefined);
  const clear = () => {
    recording.clear();
    setFrozen(undefined);
    setChosen(undefined);
  };
  const loadEarlier = () =>
    void earlier.load().then((count) => {
      if (count === 0) toast("The log holds nothing earlier");
      if (frozen !== undefined) setFrozen(recording.entries());
    }, toastFault);
  useActions(() => [
    {
      id: "events.pause",
      title: frozen === undefined ? "Pause the events" : "Go on with the events",
      group: "Events",
      keys: "p",
      run: pause,
    },
    { id: "events.clear", title: "Clear the events", group: "Events", run: clear },
    { id: "events.earlier", title: "Load earlier events", group: "Events", run: loadEarlier },
  ]);
  const missed = frozen === undefined ? 0 : (entries.at(-1)?.number ?? 0) - (frozen.at(-1)?.number ?? 0);
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <div className="flex flex-wrap items-center gap-2 border-line border-b px-4 py-2 lg:flex-nowrap">
        <Filters />
        <Button aria-pressed={frozen !== undefined} onClick={pause}>
          {frozen === undefined ? "Pause" : `Go on${missed > 0 ? ` (${missed} new)` : ""}`}
        </Button>
        <Button onClick={clear}>Clear</Button>
        <Button onClick={loadEarlier} disabled={earlier.isLoading}>
          {earlier.isLoading ? "Loading…" : "Earlier"}
        </Button>
        <CopyEvents after={all.at(-1)?.position ?? 0} />
      </div>
      <p role="status" className="px-4 py-1 text-muted text-xs">
        {shown.length === all.length ? `${all.length} events` : `${shown.length} of ${all.length} events`}
        {frozen !== undefined && ", paused"}
      </p>
      <div className="flex min-h-0 flex-1 flex-col md:flex-row">
        {shown.length === 0 ? (
          <Empty title={all.length === 0 ? "Nothing has happened since you came" : "No event passes the filter"}>
            {all.length === 0 ? "What happens is listed here at once; Earlier loads what the log holds." : "Change it above."}
          </Empty>
        ) : (
          <EventRows entries={shown} chosen={chosen} isFollowing={frozen === undefined} onChoose={setChosen} />
        )}
        {chosen !== undefined && <Payload entry={chosen} onClose={() => setChosen(undefined)} />}
      </div>
    </div>
  );
}
