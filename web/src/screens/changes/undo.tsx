import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useCalls } from "../../app/client.ts";
import { toast, toastFault } from "../../app/toasts.ts";
import { useSession, useStatus } from "../../live/hooks.ts";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { Icon } from "../../ui/icon.tsx";
import { outcomeText } from "./outcome.ts";

/** Takes back what the session did to one file. */
export function UndoFile({ sessionID, file }: { sessionID: string; file: string }) {
  const { undo, conflicts, close } = useUndo(sessionID);
  const isBusy = useStatus(sessionID).type !== "idle";
  return (
    <>
      <Button disabled={isBusy} title={isBusy ? "The session is at work" : undefined} onClick={() => undo([file])}>
        <Icon name="undo" /> Undo this file
      </Button>
      <Conflicts files={conflicts} onClose={close} />
    </>
  );
}

/** Takes back all that the session did to files, after asking. The conversation stays. */
export function UndoAll({ sessionID }: { sessionID: string }) {
  const [isAsking, setAsking] = useState(false);
  const { undo, conflicts, close } = useUndo(sessionID);
  const isBusy = useStatus(sessionID).type !== "idle";
  const confirm = () => {
    setAsking(false);
    undo();
  };
  return (
    <>
      <Button disabled={isBusy} title={isBusy ? "The session is at work" : undefined} onClick={() => setAsking(true)}>
        <Icon name="undo" /> Undo all
      </Button>
      <Dialog
        title="Undo all that the session changed?"
        isOpen={isAsking}
        onClose={() => setAsking(false)}
        footer={
          <>
            <Button onClick={() => setAsking(false)}>Keep it</Button>
            <Button variant="danger" onClick={confirm}>
              Undo all
            </Button>
          </>
        }
      >
        Files that somebody else changed since are left alone, and named. The conversation stays; it can be redone.
      </Dialog>
      <Conflicts files={conflicts} onClose={close} />
    </>
  );
}

function useUndo(sessionID: string): { undo(files?: string[]): void; conflicts: string[]; close(): void } {
  const calls = useCalls(useSession(sessionID)?.directory);
  const queries = useQueryClient();
  const [conflicts, setConflicts] = useState<string[]>([]);
  async function run(files: string[] | undefined, redo: boolean): Promise<void> {
    const { files: outcomes } = await calls.session.undoFiles.mutate({ sessionID, files, redo });
    void queries.invalidateQueries();
    setConflicts(outcomes.filter(({ outcome }) => outcome === "conflict").map(({ file }) => file));
    const text = outcomeText(outcomes, redo);
    if (text !== undefined)
      toast(text, { tone: "ok", action: redo ? undefined : { title: "Redo", run: () => void run(files, true).catch(toastFault) } });
  }
  return { undo: (files) => void run(files, false).catch(toastFault), conflicts, close: () => setConflicts([]) };
}

function Conflicts({ files, onClose }: { files: string[]; onClose(): void }) {
  return (
    <Dialog title="Left alone" isOpen={files.length > 0} onClose={onClose} footer={<Button onClick={onClose}>Close</Button>}>
      <p className="mb-2">Somebody else changed these since the session did. They are as they were:</p>
      <ul className="list-disc pl-5 font-mono text-xs">
        {files.map((file) => (
          <li key={file} className="break-all">
            {file}
          </li>
        ))}
      </ul>
    </Dialog>
  );
}

/** Says that the session stands at an earlier point, and what was left alone when it went there. */
export function RevertNotice({ sessionID }: { sessionID: string }) {
  const session = useSession(sessionID);
  const calls = useCalls(session?.directory);
  if (session?.revert === undefined) return null;
  const conflicts = leftAlone(session.metadata?.revert);
  return (
    <div role="status" className="flex flex-wrap items-center gap-3 border-line border-b bg-raised px-4 py-2">
      <span className="min-w-0 flex-1">
        The session is undone from a message on.
        {conflicts.length > 0 && ` Left alone, since somebody else changed them: ${conflicts.join(", ")}.`}
      </span>
      <Button onClick={() => void calls.session.unrevert.mutate({ sessionID }).catch(toastFault)}>Redo</Button>
    </div>
  );
}

/** What an undo writes beside the session: anybody may write there, too. */
function leftAlone(revert: unknown): string[] {
  if (typeof revert !== "object" || revert === null || !("conflicts" in revert) || !Array.isArray(revert.conflicts)) return [];
  return revert.conflicts.filter((file) => typeof file === "string");
}
