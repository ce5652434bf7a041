import { getRouteApi } from "@tanstack/react-router";
import { useActions } from "../../app/actions.ts";
import { useCalls } from "../../app/client.ts";
import { toastFault } from "../../app/toasts.ts";
import { useConversation, useLiveStore, useSession, useStatus } from "../../live/hooks.ts";
import { Button } from "../../ui/button.tsx";
import { Empty } from "../../ui/empty.tsx";
import { useFollowedEnd } from "../../ui/followed-end.ts";
import { Icon } from "../../ui/icon.tsx";
import { Screen } from "../../ui/screen.tsx";
import { Spinner } from "../../ui/spinner.tsx";
import { Asks } from "./asks.tsx";
import { Composer } from "./composer.tsx";
import { MessageView } from "./message.tsx";

const route = getRouteApi("/session/$sessionID");

/** One session: what was said, what is being said, and what to say next. */
export function Session() {
  const { sessionID } = route.useParams();
  return <Opened key={sessionID} sessionID={sessionID} />;
}

function Opened({ sessionID }: { sessionID: string }) {
  const session = useSession(sessionID);
  const isBusy = useStatus(sessionID).type !== "idle";
  const calls = useCalls();
  const stop = () => void calls.session.abort.mutate({ sessionID }).catch(toastFault);
  useActions(() => (isBusy ? [{ id: "session.stop", title: "Stop", group: "Session", keys: "mod+.", run: stop }] : []));
  const actions = isBusy && (
    <Button onClick={stop}>
      <Icon name="stop" /> Stop
    </Button>
  );
  return (
    <Screen title={session?.title ?? "Session"} actions={actions}>
      <Transcript sessionID={sessionID} />
      <Asks sessionID={sessionID} />
      <Composer sessionID={sessionID} />
    </Screen>
  );
}

function Transcript({ sessionID }: { sessionID: string }) {
  const conversation = useConversation(sessionID);
  const live = useLiveStore();
  const end = useFollowedEnd();
  if (conversation?.state === "failed")
    return (
      <Empty title="The session could not be loaded" role="alert">
        {conversation.reason}
      </Empty>
    );
  const { order = [], older = false, state } = conversation ?? {};
  return (
    <section ref={end} aria-label="Conversation" className="flex min-h-0 flex-1 flex-col gap-3 overflow-y-auto px-4 py-3">
      {older && <Button onClick={() => void live.loadOlder(sessionID).catch(toastFault)}>Earlier messages</Button>}
      {order.map((messageID) => (
        <MessageView key={messageID} sessionID={sessionID} messageID={messageID} />
      ))}
      {order.length === 0 && state !== "ready" && <Spinner />}
      {order.length === 0 && state === "ready" && <Empty title="Nothing was said yet" />}
    </section>
  );
}
