import { useRouter } from "@tanstack/react-router";
import type { Session } from "../../../../src/client/client.ts";
import { useActions } from "../../app/actions.ts";
import { useCalls } from "../../app/client.ts";
import { toastFault } from "../../app/toasts.ts";
import { Button } from "../../ui/button.tsx";
import { Icon } from "../../ui/icon.tsx";

export function NewSession() {
  const calls = useCalls();
  const router = useRouter();
  function create(): void {
    const open = ({ id }: Session) => router.navigate({ to: "/session/$sessionID", params: { sessionID: id } });
    calls.session.create.mutate({}).then(open).catch(toastFault);
  }
  useActions(() => [{ id: "session.new", title: "New session", group: "Session", keys: "n", run: create }]);
  return (
    <Button variant="primary" onClick={create}>
      <Icon name="plus" /> New session
    </Button>
  );
}
