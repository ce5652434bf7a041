import { Link } from "@tanstack/react-router";
import { useActivity, useFault } from "../../live/hooks.ts";
import { Badge } from "../../ui/badge.tsx";
import { Icon } from "../../ui/icon.tsx";
import { Fold } from "./fold.tsx";
import { useLoading, useOrder, useSessionInfo } from "./hooks.ts";
import { MessageView } from "./message.tsx";

/** The conversation of a sub-agent inside that of the one that started it, and the way there. */
export function Subagent({ sessionID }: { sessionID: string }) {
  const session = useSessionInfo(sessionID);
  const activity = useActivity(sessionID);
  const fault = useFault(sessionID);
  return (
    <div className="mb-2 flex flex-col gap-1">
      <div className="flex flex-wrap items-center gap-2 text-sm">
        <Link
          to="/session/$sessionID"
          params={{ sessionID }}
          className="inline-flex min-h-8 items-center gap-1 text-accent underline touch:min-h-11"
        >
          <Icon name="fork" className="size-3.5" /> {session?.title ?? "Session of the sub-agent"}
        </Link>
        {activity === "asks" && <Badge tone="accent">needs an answer</Badge>}
        {activity === "works" && <Badge tone="ok">working</Badge>}
        {fault !== undefined && <Badge tone="danger">failed</Badge>}
      </div>
      <Fold id={`${sessionID}:inside`} title={<span className="text-muted">What it did</span>}>
        <Inside sessionID={sessionID} />
      </Fold>
    </div>
  );
}

/** Messages that are shown inside another conversation; the rest is one click away. */
const most = 20;

function Inside({ sessionID }: { sessionID: string }) {
  const { state } = useLoading(sessionID);
  const { shown } = useOrder(sessionID);
  return (
    <div className="ml-1.5 border-line border-l-2 pl-3">
      {state === "loading" && <p className="text-muted text-sm">Loading…</p>}
      {shown.length > most && <p className="text-muted text-xs">The newest {most} messages</p>}
      {shown.slice(-most).map((messageID) => (
        <MessageView key={messageID} sessionID={sessionID} messageID={messageID} isMarked={false} />
      ))}
    </div>
  );
}
