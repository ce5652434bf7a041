import type { Session } from "../../../../src/client/client.ts";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { type Bulk, counted } from "./use-bulk.ts";

interface DeleteDialogProps {
  sessions: readonly Session[];
  isRunning: boolean;
  onDelete(): void;
  onClose(): void;
}

const shownTitles = 8;

/** Asks before sessions are deleted for good. */
export function DeleteDialog({ sessions, isRunning, onDelete, onClose }: DeleteDialogProps) {
  const footer = (
    <>
      <Button onClick={onClose}>Keep</Button>
      <Button variant="danger" disabled={isRunning} onClick={onDelete}>
        Delete {counted(sessions.length)}
      </Button>
    </>
  );
  return (
    <Dialog title={`Delete ${counted(sessions.length)}?`} isOpen onClose={onClose} footer={footer}>
      <p className="mb-2">What runs in them ends. They are erased with their sub-agents and messages, and nothing brings them back.</p>
      <ul className="list-disc pl-5">
        {sessions.slice(0, shownTitles).map(({ id, title }) => (
          <li key={id} className="break-words">
            {title}
          </li>
        ))}
      </ul>
      {sessions.length > shownTitles && <p className="text-muted">and {sessions.length - shownTitles} more</p>}
    </Dialog>
  );
}

/** Says which of many could not be changed, and why. */
export function FailedDialog({ bulk, titleOf }: { bulk: Bulk; titleOf(id: string): string }) {
  if (bulk.failed.length === 0) return null;
  return (
    <Dialog title={`${counted(bulk.failed.length)} stayed as before`} isOpen onClose={bulk.forget}>
      <ul className="flex flex-col gap-2">
        {bulk.failed.map(({ id, error }) => (
          <li key={id}>
            <span className="block break-words font-medium">{titleOf(id)}</span>
            <span className="text-danger">{error?.message ?? "The server did not say why."}</span>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}
