import { getRouteApi } from "@tanstack/react-router";
import { useLive, useSessions } from "../../live/hooks.ts";
import { Empty } from "../../ui/empty.tsx";
import { Screen } from "../../ui/screen.tsx";
import { Select } from "../../ui/select.tsx";
import { Spinner } from "../../ui/spinner.tsx";
import { SessionTimeline } from "./session-timeline.tsx";

const route = getRouteApi("/timeline");

/** What the time, the tokens and the money of a session went into. */
export function Timeline() {
  const { session: named } = route.useSearch();
  const navigate = route.useNavigate();
  const sessions = useSessions();
  const isLoaded = useLive(({ loaded }) => loaded);
  const sessionID = named ?? sessions[0]?.id;
  const listed = sessions.slice(0, 300).map(({ id, title }) => ({ value: id, title }));
  const isListed = sessionID === undefined || listed.some(({ value }) => value === sessionID);
  return (
    <Screen
      title="Timeline"
      actions={
        sessionID !== undefined && (
          <Select
            label="Session"
            isLabelHidden
            className="w-full sm:w-80"
            value={sessionID}
            options={isListed ? listed : [{ value: sessionID, title: sessionID }, ...listed]}
            onChoose={(session) => void navigate({ search: ({ view }) => ({ session, view }) })}
          />
        )
      }
    >
      {sessionID !== undefined && <SessionTimeline key={sessionID} sessionID={sessionID} />}
      {sessionID === undefined && isLoaded && (
        <Empty title="There are no sessions yet">A session's turns are drawn here once it has some.</Empty>
      )}
      {sessionID === undefined && !isLoaded && (
        <div className="flex flex-1 items-center justify-center">
          <Spinner label="Loading the sessions" className="size-6" />
        </div>
      )}
    </Screen>
  );
}
