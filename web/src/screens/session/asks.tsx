import { Link } from "@tanstack/react-router";
import { useFamilyAsks } from "../../live/hooks.ts";
import { PermissionAsk } from "../../ui/asks/permission-ask.tsx";
import { QuestionAsk } from "../../ui/asks/question-ask.tsx";
import { useSessionInfo } from "./hooks.ts";

/** What the session and its sub-agents wait for. */
export function Asks({ sessionID }: { sessionID: string }) {
  const { permissions, questions } = useFamilyAsks(sessionID);
  const current = (permissions[0] ?? questions[0])?.id;
  if (permissions.length + questions.length === 0) return null;
  const origin = (request: { sessionID: string }) =>
    request.sessionID === sessionID ? undefined : <Origin sessionID={request.sessionID} />;
  return (
    <section aria-label="Waiting for an answer" className="max-h-[60%] min-h-0 overflow-y-auto border-line border-t px-3 py-2 sm:px-4">
      <div className="mx-auto flex max-w-3xl flex-col gap-2">
        {permissions.map((request) => (
          <PermissionAsk key={request.id} request={request} origin={origin(request)} isCurrent={request.id === current} />
        ))}
        {questions.map((request) => (
          <QuestionAsk key={request.id} request={request} origin={origin(request)} isCurrent={request.id === current} />
        ))}
      </div>
    </section>
  );
}

/** The sub-agent that asks. */
function Origin({ sessionID }: { sessionID: string }) {
  const session = useSessionInfo(sessionID);
  return (
    <Link to="/session/$sessionID" params={{ sessionID }} className="inline-flex items-center text-accent underline touch:min-h-11">
      {session?.title ?? "a sub-agent"}
    </Link>
  );
}
