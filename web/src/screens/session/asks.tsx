import { useActions } from "../../app/actions.ts";
import { useAsks } from "../../live/hooks.ts";
import { usePermissionAnswers } from "../../ui/asks/answering.ts";
import { PermissionAsk } from "../../ui/asks/permission-ask.tsx";
import { QuestionAsk } from "../../ui/asks/question-ask.tsx";

type Permission = ReturnType<typeof useAsks>["permissions"][number];

/** What the session waits for. */
export function Asks({ sessionID }: { sessionID: string }) {
  const { permissions, questions } = useAsks(sessionID);
  const [first] = permissions;
  if (permissions.length + questions.length === 0) return null;
  return (
    <section
      aria-label="Waiting for an answer"
      className="flex max-h-[60%] shrink-0 flex-col gap-2 overflow-y-auto border-line border-t px-4 py-3"
    >
      {first !== undefined && <PermissionKeys key={first.id} request={first} />}
      {permissions.map((request) => (
        <PermissionAsk key={request.id} request={request} />
      ))}
      {questions.map((request) => (
        <QuestionAsk key={request.id} request={request} />
      ))}
    </section>
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
