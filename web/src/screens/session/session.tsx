import { getRouteApi } from "@tanstack/react-router";
import { useEffect } from "react";
import { useLive, useLiveStore } from "../../live/hooks.ts";
import { Empty } from "../../ui/empty.tsx";
import { Screen } from "../../ui/screen.tsx";
import { sessionTitle } from "../../ui/session-title.ts";
import { ArchiveNotice } from "./archive-notice.tsx";
import { Asks } from "./asks.tsx";
import { Composer } from "./composer.tsx";
import { Header } from "./header.tsx";
import { useSessionInfo } from "./hooks.ts";
import { QueuedPrompts } from "./queued-prompts.tsx";
import { Todos } from "./todos.tsx";
import { Transcript } from "./transcript.tsx";

const route = getRouteApi("/session/$sessionID");

/** One session: what was said, what is being said, and what to say next. */
export function Session() {
  const { sessionID } = route.useParams();
  return <Opened key={sessionID} sessionID={sessionID} />;
}

function Opened({ sessionID }: { sessionID: string }) {
  const live = useLiveStore();
  // As long as the screen is open, and not the parts of it that come and go.
  useEffect(() => live.open(sessionID), [live, sessionID]);
  const title = useSessionInfo(sessionID)?.title;
  const failure = useLive(({ conversations }) => {
    const conversation = conversations[sessionID];
    return conversation?.state === "failed" ? conversation.reason : undefined;
  });
  if (failure !== undefined)
    return (
      <Screen title="Session">
        <Empty title="The session could not be loaded" role="alert">
          {failure}
        </Empty>
      </Screen>
    );
  return (
    <Screen title={sessionTitle(title ?? "Session")} actions={<Header sessionID={sessionID} />}>
      <ArchiveNotice sessionID={sessionID} />
      <Todos sessionID={sessionID} />
      <Transcript sessionID={sessionID} />
      <Asks sessionID={sessionID} />
      <QueuedPrompts sessionID={sessionID} />
      <Composer sessionID={sessionID} />
    </Screen>
  );
}
