import { memo, useState } from "react";
import { Virtualizer } from "virtua";
import { Empty } from "../../ui/empty.tsx";
import { Icon } from "../../ui/icon.tsx";
import { Spinner } from "../../ui/spinner.tsx";
import { Begin } from "./begin.tsx";
import { useLoading, useOrder } from "./hooks.ts";
import { MessageView } from "./message.tsx";
import { PromptRail } from "./prompt-rail.tsx";
import { RevertNotice } from "./revert-notice.tsx";
import { TurnState } from "./turn-state.tsx";
import { useDrawn } from "./use-drawn.ts";
import { useReading } from "./use-reading.ts";

/** What was said and is being said. Of a long conversation only what is in sight is on the page. */
export const Transcript = memo(function Transcript({ sessionID }: { sessionID: string }) {
  const { state, reason, older } = useLoading(sessionID);
  const { shown, reverted } = useOrder(sessionID);
  if (state === "failed")
    return (
      <Empty title="The session could not be loaded" role="alert">
        {reason}
      </Empty>
    );
  if (shown.length + reverted.length === 0 && state === "loading")
    return (
      <div className="flex flex-1 items-center justify-center">
        <Spinner label="Loading the conversation" />
      </div>
    );
  return (
    <Messages
      sessionID={sessionID}
      shown={shown}
      older={older}
      isComplete={state === "ready" && !older}
      isNew={shown.length + reverted.length === 0}
    />
  );
});

interface MessagesProps {
  sessionID: string;
  shown: readonly string[];
  older: boolean;
  /** There is nothing that is still to be loaded. */
  isComplete: boolean;
  /** Nothing was said in it, nor taken back. */
  isNew: boolean;
}

function Messages({ sessionID, shown, older, isComplete, isNew }: MessagesProps) {
  const [isAtEnd, setAtEnd] = useState(true);
  const { drawn, isWhole, onScroll, onScrollEnd } = useDrawn(shown);
  const reading = useReading({
    sessionID,
    shown: drawn,
    older: older && isWhole,
    isComplete: isComplete && isWhole,
    onEnd: setAtEnd,
  });
  return (
    <div className="relative flex min-h-0 flex-1">
      <section
        ref={reading.scroller}
        aria-label="Conversation"
        tabIndex={0}
        className="min-h-0 min-w-0 flex-1 overflow-y-auto overscroll-contain px-4 lg:px-10 outline-offset-[-2px] [overflow-anchor:none]"
      >
        <div className="mx-auto flex min-h-full max-w-3xl flex-col">
          {isNew && <Begin sessionID={sessionID} />}
          {/* The list takes no clicks while it scrolls, which it does for as long as an answer is written. */}
          <div className="*:pointer-events-auto!">
            <Virtualizer
              ref={reading.list}
              scrollRef={reading.scroller}
              shift={reading.isShifted}
              data={drawn}
              onScroll={(offset) => {
                onScroll();
                reading.look(offset);
              }}
              onScrollEnd={onScrollEnd}
            >
              {(messageID) => (
                <MessageView key={messageID} sessionID={sessionID} messageID={messageID} isMarked={messageID === reading.marked} />
              )}
            </Virtualizer>
          </div>
          <RevertNotice sessionID={sessionID} />
          <TurnState sessionID={sessionID} />
        </div>
      </section>
      <PromptRail sessionID={sessionID} shown={shown} onJump={reading.jump} />
      {!isAtEnd && (
        <button
          type="button"
          onClick={reading.toEnd}
          className="absolute bottom-3 left-1/2 flex min-h-8 -translate-x-1/2 items-center gap-1 rounded-full border border-line bg-raised px-3 shadow-md hover:bg-hover touch:min-h-11"
        >
          <Icon name="chevron" className="size-3.5 rotate-90" /> To the end
        </button>
      )}
    </div>
  );
}
