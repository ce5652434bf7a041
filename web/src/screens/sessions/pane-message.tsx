import { memo } from "react";
import type { Message, Part, ToolPart } from "../../../../src/client/client.ts";
import { useMessage } from "../../live/hooks.ts";
import { Icon } from "../../ui/icon.tsx";
import { Markdown } from "../../ui/markdown.tsx";
import { Spinner } from "../../ui/spinner.tsx";

/** A message in few lines: what was said, and a line for each call of a tool. */
export const PaneMessage = memo(function PaneMessage({ sessionID, messageID }: { sessionID: string; messageID: string }) {
  const message = useMessage(sessionID, messageID);
  if (message === undefined) return null;
  const { info, parts } = message;
  const isUser = info.role === "user";
  return (
    <article
      aria-label={isUser ? "You" : "Assistant"}
      className={isUser ? "max-w-[90%] self-end rounded-lg border border-line bg-raised px-2.5 py-1" : "w-full"}
    >
      {parts.map((part) => (
        <PanePart key={part.id} part={part} />
      ))}
      <Fault info={info} />
    </article>
  );
});

const PanePart = memo(function PanePart({ part }: { part: Part }) {
  switch (part.type) {
    case "text":
      return part.synthetic || part.ignored ? null : (
        <Markdown text={part.text} isOpen={part.time !== undefined && part.time.end === undefined} />
      );
    case "file":
      return <p className="truncate text-muted text-xs">{part.filename ?? part.mime}</p>;
    case "tool":
      return <ToolLine part={part} />;
    default:
      return null;
  }
});

function ToolLine({ part: { tool, state } }: { part: ToolPart }) {
  const title = "title" in state ? state.title : undefined;
  return (
    <p className={`flex min-w-0 items-center gap-1.5 text-xs ${state.status === "error" ? "text-danger" : "text-muted"}`}>
      <ToolState status={state.status} />
      <span className="font-medium">{tool}</span>
      <span className="min-w-0 truncate">{state.status === "error" ? state.error : title}</span>
    </p>
  );
}

function ToolState({ status }: Pick<ToolPart["state"], "status">) {
  if (status === "completed") return <Icon name="check" className="size-3" />;
  if (status === "error") return <Icon name="warning" className="size-3" />;
  return <Spinner label="Running" className="size-3" />;
}

function Fault({ info }: { info: Message }) {
  if (info.role !== "assistant" || info.error === undefined) return null;
  const { name, data } = info.error;
  return (
    <p role="alert" className="text-danger text-xs">
      {name === "MessageAbortedError" ? "Stopped." : "message" in data ? String(data.message) : name}
    </p>
  );
}
