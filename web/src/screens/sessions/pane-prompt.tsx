import { type FormEvent, useRef, useState } from "react";
import { useCalls } from "../../app/client.ts";
import { newMessageID } from "../../app/message-id.ts";
import { toastFault } from "../../app/toasts.ts";
import { inputClasses } from "../../ui/field.tsx";
import { IconButton } from "../../ui/icon-button.tsx";

/** One line to go on with; it joins a turn that runs. */
export function PanePrompt({ sessionID, title }: { sessionID: string; title: string }) {
  const [text, setText] = useState("");
  const calls = useCalls();
  /** What was sent without an answer: sent again in the same words it is the same message. */
  const unsure = useRef<{ text: string; messageID: string }>(undefined);
  function submit(event: FormEvent): void {
    event.preventDefault();
    if (text.trim() === "") return;
    setText("");
    const messageID = unsure.current?.text === text ? unsure.current.messageID : newMessageID();
    unsure.current = undefined;
    calls.session.promptAsync.mutate({ sessionID, messageID, queue: "join", parts: [{ type: "text", text }] }).catch((error: unknown) => {
      unsure.current = { text, messageID };
      // What was written is not lost with the call.
      setText((since) => since || text);
      toastFault(error);
    });
  }
  return (
    <form onSubmit={submit} className="flex items-center gap-2 border-line border-t p-2">
      <input
        aria-label={`Prompt for ${title}`}
        placeholder="What is to be done?"
        value={text}
        onChange={(event) => setText(event.target.value)}
        className={inputClasses}
      />
      <IconButton icon="send" label={`Send to ${title}`} type="submit" variant="primary" />
    </form>
  );
}
