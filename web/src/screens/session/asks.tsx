import { Link } from "@tanstack/react-router";
import { useActions } from "../../app/actions.ts";
import { useAsks } from "../../live/hooks.ts";
import { usePermissionAnswers } from "../../ui/asks/answering.ts";
import { PermissionAsk } from "../../ui/asks/permission-ask.tsx";
import { QuestionAsk } from "../../ui/asks/question-ask.tsx";
import { useFamily, useSessionInfo } from "./hooks.ts";

type Permission = ReturnType<typeof useAsks>["permissions"][number];

/** What the session and its sub-agents wait for. */
export function Asks({ sessionID }: { sessionID: string }) {
  const family = useFamily(sessionID);
  const all = useAsks();
  const isOurs = (request: { sessionID: string }) => family.includes(request.sessionID);
  const permissions = all.permissions.filter(isOurs);
  const questions = all.questions.filter(isOurs);
  const [first] = permissions;
  if (permissions.length + questions.length === 0) return null;
  const origin = (request: { sessionID: string }) =>
    request.sessionID === sessionID ? undefined : <Origin sessionID={request.sessionID} />;
  return (
    <section aria-label="Waiting for an answer" className="max-h-[60%] min-h-0 overflow-y-auto border-line border-t px-3 py-2 sm:px-4">
      {first !== undefined && <PermissionKeys key={first.id} request={first} />}
      <div className="mx-auto flex max-w-3xl flex-col gap-2">
        {permissions.map((request) => (
          <PermissionAsk key={request.id} request={request} origin={origin(request)} />
        ))}
        {questions.map((request) => (
          <QuestionAsk key={request.id} request={request} origin={origin(request)} />
        ))}
      </div>
    </section>
  );
}

/** The sub-agent that asks. */
function Origin({ sessionID }: { sessionID: string }) {
  const session = useSessionInfo(sessionID);
  return (
    <Link to="/session/$sessionID" params={{ sessionID }} className="text-accent underline">
      {session?.title ?? "a sub-agent"}
    </Link>
  );
}

/** Answers the oldest request by keys. */
function PermissionKeys({ request }: { request: Permission }) {
  const { once, session, always, deny } = usePermissionAnswers(request);
  useActions(() => [
    { id: "ask.once", title: "Allow once", group: "Permission", keys: "y", run: once },
    { id: "ask.session", title: "Allow for this session", group: "Permission", keys: "shift+s", run: session },
    { id: "ask.always", title: "Allow always", group: "Permission", keys: "shift+y", run: always },
    { id: "ask.deny", title: "Deny", group: "Permission", keys: "shift+n", run: () => deny() },
  ]);
  return null;
}
