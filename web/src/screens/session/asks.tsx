import { useCalls } from "../../app/client.ts";
import { toastFault } from "../../app/toasts.ts";
import { useAsks } from "../../live/hooks.ts";
import { Button } from "../../ui/button.tsx";

/** What the session waits for. */
export function Asks({ sessionID }: { sessionID: string }) {
  const { permissions } = useAsks(sessionID);
  const calls = useCalls();
  const answer = (requestID: string, reply: "once" | "always" | "reject") =>
    void calls.permission.reply.mutate({ requestID, reply }).catch(toastFault);
  return permissions.map(({ id, permission, patterns }) => (
    <section key={id} aria-label="Permission" className="flex flex-wrap items-center gap-2 border-accent border-t bg-raised px-4 py-2">
      <p className="min-w-0 flex-[1_1_16rem] break-words">
        <strong>{permission}</strong> <code>{patterns.join(", ")}</code>
      </p>
      <Button variant="primary" onClick={() => answer(id, "once")}>
        Allow once
      </Button>
      <Button onClick={() => answer(id, "always")}>Always</Button>
      <Button variant="danger" onClick={() => answer(id, "reject")}>
        Deny
      </Button>
    </section>
  ));
}
