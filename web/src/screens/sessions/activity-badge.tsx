import type { ReactNode } from "react";
import { type Activity, useFault, useSince } from "../../live/hooks.ts";
import { Badge } from "../../ui/badge.tsx";
import { Icon } from "../../ui/icon.tsx";
import { Spinner } from "../../ui/spinner.tsx";
import { Duration } from "../../ui/time.tsx";

/** What a session is doing, in words: how long it works, why it failed. */
export function ActivityBadge({ sessionID, activity }: { sessionID: string; activity: Activity }) {
  switch (activity) {
    case "asks":
      return (
        <Badge tone="accent">
          <Icon name="question" className="size-3" /> needs an answer
        </Badge>
      );
    case "works":
      return (
        <Badge tone="ok">
          <Spinner label="" className="size-3" /> working <Elapsed sessionID={sessionID} />
        </Badge>
      );
    case "retries":
      return (
        <Badge tone="warn">
          <Icon name="undo" className="size-3" /> retrying <Elapsed sessionID={sessionID} />
        </Badge>
      );
    case "failed":
      return <Failed sessionID={sessionID} />;
    case "idle":
      return (
        <Quiet>
          <Icon name="check" className="size-3" /> idle
        </Quiet>
      );
  }
}

function Quiet({ children }: { children: ReactNode }) {
  return <span className="inline-flex items-center gap-1 whitespace-nowrap text-muted sm:px-2 text-xs">{children}</span>;
}

function Elapsed({ sessionID }: { sessionID: string }) {
  const since = useSince(sessionID);
  return since === undefined ? null : <Duration start={since} />;
}

function Failed({ sessionID }: { sessionID: string }) {
  const fault = useFault(sessionID);
  const reason = fault && "message" in fault.data ? String(fault.data.message) : fault?.name;
  return (
    <span title={reason} className="inline-flex">
      <Badge tone="danger">
        <Icon name="warning" className="size-3" /> failed
      </Badge>
    </span>
  );
}
