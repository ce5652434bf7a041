import type { Activity } from "../../live/hooks.ts";
import { Badge } from "../../ui/badge.tsx";
import { Spinner } from "../../ui/spinner.tsx";

/** What a session is doing, in a word; nothing for one that is idle. */
export function ActivityBadge({ activity }: { activity: Activity }) {
  switch (activity) {
    case "asks":
      return <Badge tone="accent">needs an answer</Badge>;
    case "works":
      return (
        <Badge tone="ok">
          <Spinner label="" className="size-3" /> working
        </Badge>
      );
    case "retries":
      return <Badge tone="warn">retrying</Badge>;
    case "failed":
      return <Badge tone="danger">failed</Badge>;
    case "idle":
      return null;
  }
}
