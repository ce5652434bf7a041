import { useActions } from "../../app/actions.ts";
import { Button } from "../../ui/button.tsx";
import { Icon } from "../../ui/icon.tsx";
import { useNewSession } from "./use-new-session.ts";

export function NewSession() {
  const { isMaking, create } = useNewSession();
  useActions(() => [{ id: "session.new", title: "New session", group: "Session", keys: "n", run: create }]);
  return (
    <Button variant="primary" disabled={isMaking} onClick={create}>
      <Icon name="plus" /> New session
    </Button>
  );
}
