import { memo } from "react";
import type { Message, Part } from "../../../../src/client/client.ts";
import { useMessage } from "../../live/hooks.ts";
import { Badge } from "../../ui/badge.tsx";
import { Markdown } from "../../ui/markdown.tsx";

/** One message. Renders again when it changes, and for no other's sake. */
export const MessageView = memo(function MessageView({ sessionID, messageID }: { sessionID: string; messageID: string }) {
  const message = useMessage(sessionID, messageID);
  if (message === undefined) return null;
  const { info, parts } = message;
  const isUser = info.role === "user";
  return (
    <article
      aria-label={isUser ? "You" : "Assistant"}
      className={isUser ? "max-w-[85%] self-end rounded-xl border border-line bg-raised px-3 py-2" : "w-full max-w-3xl"}
    >
      {parts.map((part) => (
        <PartView key={part.id} part={part} />
      ))}
      <Fault info={info} />
    </article>
  );
});

const PartView = memo(function PartView({ part }: { part: Part }) {
  switch (part.type) {
    case "text":
      return part.synthetic || part.ignored ? null : (
        <Markdown text={part.text} isOpen={part.time !== undefined && part.time.end === undefined} />
      );
    case "reasoning":
      return (
        <details className="my-1 text-muted">
          <summary>Thoughts</summary>
          <Markdown text={part.text} />
        </details>
      );
    case "tool":
      return (
        <details className="my-1 rounded-lg border border-line px-3 py-1.5">
          <summary>
            {part.tool} <Badge tone={part.state.status === "error" ? "danger" : "plain"}>{part.state.status}</Badge>
          </summary>
          <pre className="overflow-x-auto text-xs">{JSON.stringify(part.state.input, null, 2)}</pre>
          {part.state.status === "completed" && <pre className="overflow-x-auto text-xs">{part.state.output}</pre>}
          {part.state.status === "error" && <pre className="overflow-x-auto text-danger text-xs">{part.state.error}</pre>}
        </details>
      );
    default:
      return null;
  }
});

function Fault({ info }: { info: Message }) {
  if (info.role !== "assistant" || info.error === undefined) return null;
  const { name, data } = info.error;
  return (
    <p role="alert" className="text-danger">
      {name === "MessageAbortedError" ? "Stopped." : "message" in data ? String(data.message) : name}
    </p>
  );
}
