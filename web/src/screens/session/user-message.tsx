import type { Message, Part } from "../../../../src/client/client.ts";
import { useLive } from "../../live/hooks.ts";
import { Badge } from "../../ui/badge.tsx";
import { classes } from "../../ui/classes.ts";
import { copy } from "../../ui/copy.ts";
import { IconButton } from "../../ui/icon-button.tsx";
import { Markdown } from "../../ui/markdown.tsx";
import { Menu } from "../../ui/menu.tsx";
import { Time } from "../../ui/time.tsx";
import { FileView } from "./file-view.tsx";
import { promptText, promptTitle } from "./prompt-text.ts";
import { useSessionCalls } from "./use-session-calls.ts";

type Info = Extract<Message, { role: "user" }>;

/** A prompt, and what can be done from it on. */
export function UserMessage({ info, parts, isMarked }: { info: Info; parts: readonly Part[]; isMarked: boolean }) {
  const text = promptText(parts);
  const files = parts.filter((part) => part.type === "file");
  return (
    <article aria-label="You" className="flex flex-col items-end pt-4 pb-2">
      <div
        className={classes(
          "max-w-[92%] rounded-xl border border-line bg-raised px-3 py-2 sm:max-w-[85%]",
          isMarked && "ring-2 ring-accent",
        )}
      >
        {text === "" ? <p className="text-muted">{promptTitle(parts)}</p> : <Markdown text={text} />}
        {files.length > 0 && (
          <div className="mt-2 flex flex-wrap gap-2">
            {files.map((file) => (
              <FileView key={file.id} file={file} />
            ))}
          </div>
        )}
      </div>
      <Foot info={info} parts={parts} text={text} />
    </article>
  );
}

function Foot({ info, parts, text }: { info: Info; parts: readonly Part[]; text: string }) {
  const { id: messageID, sessionID, agent, model, time } = info;
  const { edit, fork, revert } = useSessionCalls(sessionID);
  const isWaiting = useWaiting(info);
  return (
    <div className="flex items-center gap-2 text-muted text-xs">
      {isWaiting && <Badge tone="warn">waits</Badge>}
      <span className="max-w-56 truncate">
        {agent} · {model.modelID}
      </span>
      <Time at={time.created} />
      <Menu
        trigger={<IconButton icon="more" label="What to do from this prompt on" className="min-h-7" />}
        items={[
          { title: "Edit and send again", icon: "edit", run: () => edit({ info, parts }) },
          { title: "Fork here", icon: "fork", run: () => fork(messageID) },
          { title: "Copy", icon: "copy", run: () => copy(text) },
          { title: "Undo from here on", icon: "undo", isDangerous: true, run: () => revert(messageID) },
        ]}
      />
    </div>
  );
}

/** Whether no turn has taken the prompt yet, while the session works at another. */
function useWaiting({ id, sessionID, time: { created } }: Info): boolean {
  return useLive(({ conversations, status }) => {
    if (status[sessionID] === undefined) return false;
    const infos = Object.values(conversations[sessionID]?.infos ?? {});
    const open = infos.findLast((info) => info.role === "assistant");
    const isAnswered = infos.some((info) => info.role === "assistant" && info.parentID === id);
    // By the server's clock: the ids of prompts are made by whoever sends them.
    const isBehind = open !== undefined && open.time.created <= created;
    return !isAnswered && isBehind && open.role === "assistant" && open.time.completed === undefined;
  });
}
