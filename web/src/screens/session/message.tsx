import { memo } from "react";
import { useMessage } from "../../live/hooks.ts";
import { AssistantMessage } from "./assistant-message.tsx";
import { UserMessage } from "./user-message.tsx";

interface MessageViewProps {
  sessionID: string;
  messageID: string;
  /** The address leads to it. */
  isMarked: boolean;
}

/** One message. Renders again when it changes, and for no other's sake. */
export const MessageView = memo(function MessageView({ sessionID, messageID, isMarked }: MessageViewProps) {
  const message = useMessage(sessionID, messageID);
  if (message === undefined) return null;
  const { info, parts } = message;
  return info.role === "user" ? (
    <UserMessage info={info} parts={parts} isMarked={isMarked} />
  ) : (
    <AssistantMessage info={info} parts={parts} isMarked={isMarked} />
  );
});
