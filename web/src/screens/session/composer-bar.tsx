import { useActions } from "../../app/actions.ts";
import { useStatus } from "../../live/hooks.ts";
import { IconButton } from "../../ui/icon-button.tsx";
import { AttachButton } from "./attachments.tsx";
import { changeDraft, type Draft, useDraft } from "./drafts.ts";
import { Pickers } from "./pickers.tsx";
import { Select } from "./select.tsx";
import { useSessionCalls } from "./use-session-calls.ts";

const policies: { value: Draft["queue"]; title: string }[] = [
  { value: "join", title: "Join" },
  { value: "queue", title: "Queue" },
  { value: "interrupt", title: "Interrupt" },
];

/** Below the text: who answers, what becomes of a prompt to a session that works, and the ways to send and to stop. */
export function ComposerBar({ sessionID }: { sessionID: string }) {
  const { queue, text, files } = useDraft(sessionID);
  const isBusy = useStatus(sessionID).type !== "idle";
  const { stop } = useSessionCalls(sessionID);
  useActions(() => (isBusy ? [{ id: "session.stop", title: "Stop", group: "Session", keys: "mod+.", run: stop }] : []));
  return (
    <div className="flex items-center gap-1">
      <div className="flex min-w-0 flex-1 items-center gap-1 touch:gap-0 overflow-x-auto p-0.5 [scrollbar-width:none]">
        <AttachButton sessionID={sessionID} />
        <Pickers sessionID={sessionID} />
        {isBusy && (
          <Select
            label="What becomes of the prompt"
            title="Enter sends like this: into the running turn, behind it, or in its place. Ctrl+Enter interrupts in any case"
            value={queue}
            onChange={(value) => changeDraft(sessionID, { queue: policies.find((policy) => policy.value === value)?.value ?? "join" })}
            groups={[{ options: policies }]}
          />
        )}
      </div>
      {isBusy && <IconButton icon="stop" label="Stop" variant="plain" onClick={stop} />}
      <IconButton icon="send" label="Send" type="submit" variant="primary" disabled={text.trim() === "" && files.length === 0} />
    </div>
  );
}
