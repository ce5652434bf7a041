import { useLive } from "../../live/hooks.ts";
import { Button } from "../../ui/button.tsx";
import { Icon } from "../../ui/icon.tsx";
import { useOrder, useSessionInfo } from "./hooks.ts";
import { revertReport } from "./revert-report.ts";
import { useSessionCalls } from "./use-session-calls.ts";

/** That messages were taken back, what of the files could not be, and the way to have it all again. */
export function RevertNotice({ sessionID }: { sessionID: string }) {
  const session = useSessionInfo(sessionID);
  const { reverted } = useOrder(sessionID);
  const prompts = useLive(({ conversations }) => reverted.filter((id) => conversations[sessionID]?.infos[id]?.role === "user").length);
  const { unrevert } = useSessionCalls(sessionID);
  const { conflicts, inferred } = revertReport(session?.metadata);
  if (session?.revert === undefined && conflicts.length === 0) return null;
  return (
    <section aria-label="Undone" className="my-2 flex flex-col gap-2 rounded-lg border border-warn px-3 py-2">
      {session?.revert !== undefined && (
        <div className="flex flex-wrap items-center gap-2">
          <p className="min-w-0 flex-1">
            {prompts === 1 ? "One prompt was" : `${prompts} prompts were`} taken back, with the changes of files. The next prompt makes it
            final.
          </p>
          <Button onClick={unrevert}>
            <Icon name="undo" className="size-4 -scale-x-100" /> Redo
          </Button>
        </div>
      )}
      <Files title="Left as they are, since somebody else changed them since:" files={conflicts} tone="text-danger" />
      <Files title="Undone as far as it is known, since a command changed them:" files={inferred} tone="text-muted" />
    </section>
  );
}

function Files({ title, files, tone }: { title: string; files: string[]; tone: string }) {
  if (files.length === 0) return null;
  return (
    <div className={tone}>
      <p>{title}</p>
      <ul className="ml-4 list-disc break-all font-mono text-xs">
        {files.map((file) => (
          <li key={file}>{file}</li>
        ))}
      </ul>
    </div>
  );
}
