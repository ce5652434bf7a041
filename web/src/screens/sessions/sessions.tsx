import { Link, useRouter } from "@tanstack/react-router";
import type { Session } from "../../../../src/client/client.ts";
import { useActions } from "../../app/actions.ts";
import { useCalls } from "../../app/client.ts";
import { toastFault } from "../../app/toasts.ts";
import { useActivity, useLive, useSessions } from "../../live/hooks.ts";
import { Money, Tokens } from "../../ui/amount.tsx";
import { Button } from "../../ui/button.tsx";
import { Empty } from "../../ui/empty.tsx";
import { Icon } from "../../ui/icon.tsx";
import { Screen } from "../../ui/screen.tsx";
import { Spinner } from "../../ui/spinner.tsx";
import { Time } from "../../ui/time.tsx";
import { ActivityBadge } from "./activity-badge.tsx";

/** Every session of every client. */
export function Sessions() {
  const sessions = useSessions().filter(({ parentID, time }) => parentID === undefined && time.archived === undefined);
  const isLoaded = useLive(({ loaded }) => loaded);
  const create = useCreate();
  useActions(() => [{ id: "session.new", title: "New session", group: "Session", keys: "n", run: create }]);
  const actions = (
    <Button variant="primary" onClick={create}>
      <Icon name="plus" /> New session
    </Button>
  );
  return (
    <Screen title="Sessions" actions={actions}>
      {!isLoaded && (
        <div className="p-4">
          <Spinner />
        </div>
      )}
      {isLoaded && sessions.length === 0 && <Empty title="No sessions yet">Those of every client show up here.</Empty>}
      <ul>
        {sessions.map((session) => (
          <Row key={session.id} session={session} />
        ))}
      </ul>
    </Screen>
  );
}

function useCreate(): () => void {
  const calls = useCalls();
  const router = useRouter();
  return () => {
    const open = ({ id }: Session) => router.navigate({ to: "/session/$sessionID", params: { sessionID: id } });
    calls.session.create.mutate({}).then(open).catch(toastFault);
  };
}

function Row({ session: { id, title, directory, time, tokens, cost } }: { session: Session }) {
  const activity = useActivity(id);
  return (
    <li className="border-line border-b">
      <Link
        to="/session/$sessionID"
        params={{ sessionID: id }}
        className="flex min-h-12 flex-wrap items-center gap-x-3 gap-y-0.5 px-4 py-2 hover:bg-hover"
      >
        <span className="min-w-0 flex-[1_1_14rem] truncate font-medium">{title}</span>
        <ActivityBadge activity={activity} />
        <span className="max-w-64 truncate text-muted text-xs" title={directory}>
          {directory.split("/").at(-1)}
        </span>
        <span className="flex gap-3 text-muted text-xs">
          {tokens !== undefined && <Tokens count={tokens.input + tokens.output + tokens.reasoning} />}
          {cost !== undefined && <Money dollars={cost} />}
          <Time at={time.updated} />
        </span>
      </Link>
    </li>
  );
}
