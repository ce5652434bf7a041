import { Link } from "@tanstack/react-router";
import { useSession } from "../../live/hooks.ts";
import { nameOf } from "../../ui/paths.ts";
import { sessionTitle } from "../../ui/session-title.ts";
import type { Waiting } from "./waiting.ts";

/** Where something is asked: the session, for which other it works, and the directory. */
export function Origin({ waiting: { sessionID, request } }: { waiting: Waiting }) {
  const session = useSession(sessionID);
  const parent = useSession(session?.parentID ?? "");
  return (
    <span className="flex min-w-0 flex-wrap items-center gap-x-2">
      <Link
        to="/session/$sessionID"
        params={{ sessionID }}
        search={{ message: request.tool?.messageID }}
        className="inline-flex min-w-0 items-center break-words text-accent underline touch:min-h-11"
      >
        {sessionTitle(session?.title ?? sessionID)}
      </Link>
      {parent !== undefined && <span>sub-agent of {parent.title}</span>}
      {session !== undefined && <span title={session.directory}>· {nameOf(session.directory)}</span>}
    </span>
  );
}
