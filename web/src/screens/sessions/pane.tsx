import { Link } from "@tanstack/react-router";
import { useCalls } from "../../app/client.ts";
import { toastFault } from "../../app/toasts.ts";
import { useActivity, useConversation, useFamilyAsks, useSession } from "../../live/hooks.ts";
import { PermissionAsk } from "../../ui/asks/permission-ask.tsx";
import { QuestionAsk } from "../../ui/asks/question-ask.tsx";
import { Empty } from "../../ui/empty.tsx";
import { useFollowedEnd } from "../../ui/followed-end.ts";
import { IconButton } from "../../ui/icon-button.tsx";
import { sessionTitle } from "../../ui/session-title.ts";
import { Spinner } from "../../ui/spinner.tsx";
import { ActivityBadge } from "./activity-badge.tsx";
import { PaneMessage } from "./pane-message.tsx";
import { PanePrompt } from "./pane-prompt.tsx";

interface PaneProps {
  sessionID: string;
  onClose(): void;
}

/** One of several sessions: its end, what it asks, and a line to go on. */
export function Pane({ sessionID, onClose }: PaneProps) {
  const session = useSession(sessionID);
  const own = useActivity(sessionID);
  const asks = useFamilyAsks(sessionID);
  const activity = asks.permissions.length + asks.questions.length > 0 ? "asks" : own;
  const calls = useCalls();
  const title = sessionTitle(session?.title ?? sessionID);
  const isAtWork = activity === "works" || activity === "retries" || activity === "asks";
  return (
    <section
      aria-label={title}
      className="flex min-h-0 w-full min-w-[calc(100%-1.5rem)] flex-1 only:min-w-full snap-start flex-col border-line border-r last:border-r-0 sm:min-w-80"
    >
      <header className="flex items-center gap-2 border-line border-b bg-raised py-1 pr-1 pl-3">
        <h2 className="min-w-0 flex-1 truncate font-medium">
          <Link to="/session/$sessionID" params={{ sessionID }} className="hover:underline touch:block touch:py-3" title={title}>
            {title}
          </Link>
        </h2>
        <ActivityBadge sessionID={sessionID} activity={activity} />
        {isAtWork && (
          <IconButton
            icon="stop"
            label={`Stop ${title}`}
            onClick={() => void calls.session.abort.mutate({ sessionID }).catch(toastFault)}
          />
        )}
        <IconButton icon="close" label={`Close ${title}`} onClick={onClose} />
      </header>
      <Transcript sessionID={sessionID} title={title} />
      <PaneAsks {...asks} />
      <PanePrompt sessionID={sessionID} title={title} />
    </section>
  );
}

/** Earlier messages are on the session's own screen. */
const shown = 40;

function Transcript({ sessionID, title }: { sessionID: string; title: string }) {
  const conversation = useConversation(sessionID);
  const end = useFollowedEnd();
  if (conversation?.state === "failed")
    return (
      <Empty title="The session could not be loaded" role="alert">
        {conversation.reason}
      </Empty>
    );
  const { order = [], state } = conversation ?? {};
  return (
    <div
      ref={end}
      tabIndex={0}
      role="log"
      aria-label={`Conversation of ${title}`}
      className="flex min-h-0 flex-1 flex-col gap-2 overflow-y-auto p-3 focus-visible:-outline-offset-2"
    >
      {order.slice(-shown).map((messageID) => (
        <PaneMessage key={messageID} sessionID={sessionID} messageID={messageID} />
      ))}
      {order.length === 0 && state !== "ready" && <Spinner />}
      {order.length === 0 && state === "ready" && <p className="text-muted">Nothing was said yet.</p>}
    </div>
  );
}

function PaneAsks({ permissions, questions }: ReturnType<typeof useFamilyAsks>) {
  if (permissions.length + questions.length === 0) return null;
  return (
    <div className="flex max-h-[60%] flex-col gap-2 overflow-y-auto border-line border-t p-2">
      {permissions.map((request) => (
        <PermissionAsk key={request.id} request={request} />
      ))}
      {questions.map((request) => (
        <QuestionAsk key={request.id} request={request} />
      ))}
    </div>
  );
}
