import { type FormEvent, type KeyboardEvent, useState } from "react";
import { useCalls } from "../../app/client.ts";
import { toastFault } from "../../app/toasts.ts";
import { useStatus } from "../../live/hooks.ts";
import { IconButton } from "../../ui/icon-button.tsx";

/** Where the next prompt is written. Enter sends it, and joins a turn that runs; Ctrl+Enter interrupts that turn first. */
export function Composer({ sessionID }: { sessionID: string }) {
  const [text, setText] = useState("");
  const calls = useCalls();
  const isBusy = useStatus(sessionID).type !== "idle";
  function send(queue: "join" | "interrupt"): void {
    if (text.trim() === "") return;
    setText("");
    calls.session.promptAsync.mutate({ sessionID, queue, parts: [{ type: "text", text }] }).catch((error: unknown) => {
      // What was written is not lost with the call.
      setText((since) => since || text);
      toastFault(error);
    });
  }
  function press(event: KeyboardEvent): void {
    if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    send(event.ctrlKey || event.metaKey ? "interrupt" : "join");
  }
  function submit(event: FormEvent): void {
    event.preventDefault();
    send("join");
  }
  return (
    <form onSubmit={submit} className="flex items-end gap-2 border-line border-t bg-surface p-3">
      <textarea
        aria-label="Prompt"
        placeholder={isBusy ? "Say something to the running turn" : "What is to be done?"}
        rows={Math.min(8, text.split("\n").length)}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={press}
        className="min-h-11 flex-1 resize-none rounded-lg border border-line bg-raised px-3 py-2.5 focus-visible:outline-offset-0 touch:text-[16px]"
      />
      <IconButton icon="send" label="Send" type="submit" variant="primary" className="min-h-11 min-w-11" />
    </form>
  );
}
