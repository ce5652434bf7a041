import { memo } from "react";
import { useActions } from "../../app/actions.ts";
import { useLive } from "../../live/hooks.ts";
import { promptTitle } from "./prompt-text.ts";

interface PromptRailProps {
  sessionID: string;
  shown: readonly string[];
  onJump(messageID: string): void;
}

/** One mark for each prompt, to jump to it. Of many only the newest. */
const most = 40;

export const PromptRail = memo(function PromptRail({ sessionID, shown, onJump }: PromptRailProps) {
  const prompts = useLive(({ conversations }) => shown.filter((id) => conversations[sessionID]?.infos[id]?.role === "user"));
  useActions(() => [
    { id: "session.prompt.last", title: "Go to the last prompt", group: "Session", keys: "shift+k", run: () => jumpTo(prompts.at(-1)) },
    { id: "session.prompt.first", title: "Go to the first prompt that is loaded", group: "Session", run: () => jumpTo(prompts[0]) },
  ]);
  const jumpTo = (messageID: string | undefined) => messageID !== undefined && onJump(messageID);
  if (prompts.length < 2) return null;
  return (
    <nav aria-label="Prompts" className="absolute inset-y-2 right-4 hidden w-6 flex-col justify-center overflow-hidden lg:flex">
      {prompts.slice(-most).map((messageID) => (
        <Mark key={messageID} sessionID={sessionID} messageID={messageID} onJump={onJump} />
      ))}
    </nav>
  );
});

function Mark({ sessionID, messageID, onJump }: { sessionID: string; messageID: string; onJump(messageID: string): void }) {
  const title = useLive(({ conversations }) => promptTitle(conversations[sessionID]?.parts[messageID] ?? []));
  return (
    <button
      type="button"
      aria-label={`Go to: ${title}`}
      title={title}
      onClick={() => onJump(messageID)}
      className="group flex min-h-1.5 w-full flex-[0_1_1rem] items-center justify-center"
    >
      <span className="h-0.5 w-3 rounded-full bg-muted group-hover:w-5 group-hover:bg-accent group-focus-visible:w-5 group-focus-visible:bg-accent" />
    </button>
  );
}
