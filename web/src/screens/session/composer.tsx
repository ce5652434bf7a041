import { type KeyboardEvent, memo, useEffect, useId, useLayoutEffect, useRef, useState } from "react";
import { useActions } from "../../app/actions.ts";
import { useStatus } from "../../live/hooks.ts";
import { takeFiles } from "./attaching.ts";
import { Attachments } from "./attachments.tsx";
import { completed, triggerAt } from "./completion.ts";
import { CompletionList } from "./completion-list.tsx";
import { ComposerBar } from "./composer-bar.tsx";
import { changeDraft, type Draft, draftOf, useDraft } from "./drafts.ts";
import { useSessionInfo } from "./hooks.ts";
import { type Candidate, useCandidates } from "./use-completion.ts";
import { useArrival, useSend } from "./use-send.ts";
import { composerId } from "./use-session-calls.ts";

/** Where the next prompt is written. Nothing of the transcript renders again while somebody writes. */
export const Composer = memo(function Composer({ sessionID }: { sessionID: string }) {
  const send = useSend(sessionID);
  const [isOver, setOver] = useState(false);
  useActions(() => [
    {
      id: "composer.focus",
      title: "Write a prompt",
      group: "Session",
      keys: "i",
      run: () => document.getElementById(composerId(sessionID))?.focus(),
    },
    {
      id: "composer.interrupt",
      title: "Send the prompt, and interrupt the turn",
      group: "Session",
      keys: "mod+enter",
      // The text that is being typed may be another one, as a reason to deny.
      whileTyping: false,
      run: () => send("interrupt"),
    },
  ]);
  return (
    <form
      aria-label="Next prompt"
      onSubmit={(event) => {
        event.preventDefault();
        send(draftOf(sessionID).queue);
      }}
      onDragOver={(event) => {
        if (!event.dataTransfer.types.includes("Files")) return;
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        setOver(false);
        takeFiles(sessionID, event);
      }}
      className="shrink-0 border-line border-t bg-surface px-3 py-2 sm:px-4"
    >
      <div
        className={`relative mx-auto max-w-3xl rounded-xl border bg-raised p-1.5 focus-within:border-accent ${isOver ? "border-accent border-dashed" : "border-line"}`}
      >
        <Attachments sessionID={sessionID} />
        <Text sessionID={sessionID} onSend={send} />
        <ComposerBar sessionID={sessionID} />
      </div>
    </form>
  );
});

function Text({ sessionID, onSend }: { sessionID: string; onSend(queue: Draft["queue"]): void }) {
  const { text, queue } = useDraft(sessionID);
  const isBusy = useStatus(sessionID).type !== "idle";
  const area = useRef<HTMLTextAreaElement>(null);
  const completion = useCompletion(sessionID, area);
  const list = useId();
  useHeight(area, text);
  useArrival(sessionID);
  function press(event: KeyboardEvent<HTMLTextAreaElement>): void {
    if (event.nativeEvent.isComposing || completion.press(event)) return;
    if (event.key === "Escape") event.currentTarget.blur();
    if (event.key !== "Enter" || event.shiftKey || event.altKey) return;
    event.preventDefault();
    onSend(event.ctrlKey || event.metaKey ? "interrupt" : queue);
  }
  const isOpen = completion.candidates.length > 0;
  return (
    <>
      {isOpen && <CompletionList id={list} candidates={completion.candidates} chosen={completion.chosen} onTake={completion.take} />}
      <textarea
        ref={area}
        id={composerId(sessionID)}
        aria-label="Prompt"
        aria-controls={isOpen ? list : undefined}
        aria-autocomplete="list"
        aria-activedescendant={isOpen ? `${list}-${completion.chosen}` : undefined}
        placeholder={isBusy ? "Say something to the running turn" : "What is to be done? / for commands, @ for files and agents"}
        rows={1}
        value={text}
        onChange={(event) => {
          changeDraft(sessionID, { text: event.target.value });
          completion.look();
        }}
        onSelect={completion.look}
        onBlur={completion.close}
        onKeyDown={press}
        onPaste={(event) => takeFiles(sessionID, event)}
        className="block max-h-[40dvh] min-h-9 w-full resize-none bg-transparent px-2 py-1.5 outline-none touch:text-[16px]"
      />
    </>
  );
}

/** As high as its text. */
function useHeight(area: React.RefObject<HTMLTextAreaElement | null>, text: string): void {
  useLayoutEffect(() => {
    if (area.current === null || text === undefined) return;
    area.current.style.height = "auto";
    area.current.style.height = `${area.current.scrollHeight}px`;
  }, [area, text]);
}

function useCompletion(sessionID: string, area: React.RefObject<HTMLTextAreaElement | null>) {
  const directory = useSessionInfo(sessionID)?.directory;
  const [caret, setCaret] = useState<number>();
  const [chosen, setChosen] = useState(0);
  const { text } = useDraft(sessionID);
  const trigger = caret === undefined ? undefined : triggerAt(text, caret);
  const candidates = useCandidates(trigger, directory);
  const next = useRef<number>(undefined);
  useEffect(() => {
    if (next.current === undefined) return;
    area.current?.setSelectionRange(next.current, next.current);
    next.current = undefined;
  });
  function take({ type, name }: Candidate): void {
    if (trigger === undefined || caret === undefined) return;
    const { text: whole, caret: after } = completed(text, { trigger, caret, name });
    const { mentions } = draftOf(sessionID);
    const others = mentions.filter((mention) => mention.name !== name);
    changeDraft(sessionID, { text: whole, mentions: type === "command" ? mentions : [...others, { type, name }] });
    next.current = after;
    setCaret(undefined);
    setChosen(0);
  }
  function press(event: KeyboardEvent): boolean {
    if (candidates.length === 0) return false;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const candidate = candidates[chosen];
    if (step !== undefined) setChosen((chosen + step + candidates.length) % candidates.length);
    else if (event.key === "Escape") setCaret(undefined);
    else if ((event.key === "Enter" || event.key === "Tab") && candidate !== undefined && !event.ctrlKey) take(candidate);
    else return false;
    event.preventDefault();
    return true;
  }
  return {
    candidates,
    chosen: Math.min(chosen, candidates.length - 1),
    take,
    press,
    look: () => setCaret(area.current?.selectionStart),
    close: () => setCaret(undefined),
  };
}
