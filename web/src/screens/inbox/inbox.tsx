import { getRouteApi, Link } from "@tanstack/react-router";
import { useRef, useState } from "react";
import { useActions } from "../../app/actions.ts";
import { useAsks, useLive } from "../../live/hooks.ts";
import { PermissionAsk } from "../../ui/asks/permission-ask.tsx";
import { QuestionAsk } from "../../ui/asks/question-ask.tsx";
import { classes } from "../../ui/classes.ts";
import { Empty } from "../../ui/empty.tsx";
import { Screen } from "../../ui/screen.tsx";
import { Spinner } from "../../ui/spinner.tsx";
import { NotificationButton } from "./notification-button.tsx";
import { Origin } from "./origin.tsx";
import { currentOf, inOrder, type Waiting } from "./waiting.ts";

const route = getRouteApi("/inbox");

/** All that waits for an answer, of every session and directory, or of one session. */
export function Inbox() {
  const { session } = route.useSearch();
  const { permissions, questions } = useAsks(session === "" ? undefined : session);
  const isLoaded = useLive(({ loaded }) => loaded);
  const waiting = inOrder(permissions, questions);
  return (
    <Screen title="Inbox" actions={<NotificationButton />}>
      {session !== undefined && session !== "" && (
        <p className="border-line border-b px-4 py-2 text-muted">
          Only of one session.{" "}
          <Link to="/inbox" className="text-accent underline">
            Show all
          </Link>
        </p>
      )}
      {!isLoaded && (
        <div className="p-4">
          <Spinner />
        </div>
      )}
      {isLoaded && waiting.length === 0 && <Nothing />}
      <List waiting={waiting} />
      {waiting.length > 0 && (
        <p className="mx-auto w-full max-w-3xl px-4 pb-4 text-muted text-xs touch:hidden">
          Keys: J and K go through them, A allows once, S for the session, Shift+A always, D denies.
        </p>
      )}
    </Screen>
  );
}

function Nothing() {
  const working = useLive(({ status }) => Object.keys(status).length);
  return (
    <Empty title="Nothing waits for an answer">
      {working === 0 ? "What sessions ask shows up here by itself." : `${working === 1 ? "1 session works" : `${working} sessions work`}.`}
    </Empty>
  );
}

function List({ waiting }: { waiting: Waiting[] }) {
  const list = useRef<HTMLUListElement>(null);
  const [place, setPlace] = useState<{ id?: string; at: number }>({ at: 0 });
  const current = currentOf(waiting, place);
  function go(to: number): void {
    const at = Math.max(0, Math.min(waiting.length - 1, to));
    setPlace({ id: waiting[at]?.id, at });
    const item = list.current?.children[at];
    if (item instanceof HTMLElement) item.focus();
  }
  const group = "Inbox";
  useActions(() =>
    waiting.length < 2
      ? []
      : [
          { id: "inbox.next", title: "Next", group, keys: "j", repeats: true, isHidden: true, run: () => go(current + 1) },
          { id: "inbox.previous", title: "Previous", group, keys: "k", repeats: true, isHidden: true, run: () => go(current - 1) },
        ],
  );
  return (
    <ul ref={list} aria-label="Waiting for an answer" className="mx-auto flex w-full max-w-3xl flex-col gap-3 p-3 empty:hidden sm:p-4">
      {waiting.map((item, at) => (
        <li
          key={item.id}
          tabIndex={-1}
          aria-current={at === current}
          onFocus={() => setPlace({ id: item.id, at })}
          className={classes("rounded-xl", at === current && waiting.length > 1 && "ring-2 ring-accent ring-offset-2 ring-offset-surface")}
        >
          <Ask waiting={item} isCurrent={at === current} />
        </li>
      ))}
    </ul>
  );
}

function Ask({ waiting, isCurrent }: { waiting: Waiting; isCurrent: boolean }) {
  const shared = { origin: <Origin waiting={waiting} />, isCurrent };
  if (waiting.kind === "permission") return <PermissionAsk request={waiting.request} {...shared} />;
  return <QuestionAsk request={waiting.request} {...shared} />;
}
