import { Button } from "../../ui/button.tsx";
import { Icon } from "../../ui/icon.tsx";
import { useSessionInfo } from "./hooks.ts";
import { useSessionCalls } from "./use-session-calls.ts";

/** That the session is in the archive, where lists leave it out, and the way out of it. */
export function ArchiveNotice({ sessionID }: { sessionID: string }) {
  const archived = useSessionInfo(sessionID)?.time.archived;
  const { unarchive } = useSessionCalls(sessionID);
  if (archived === undefined) return null;
  return (
    <section aria-label="Archived" className="flex flex-wrap items-center gap-2 border-line border-b px-4 py-1.5 text-muted">
      <Icon name="archive" className="size-4" />
      <p className="min-w-0 flex-1">This session is in the archive.</p>
      <Button onClick={unarchive}>Take it out</Button>
    </section>
  );
}
