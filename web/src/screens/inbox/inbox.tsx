import { Empty } from "../../ui/empty.tsx";
import { Screen } from "../../ui/screen.tsx";

export function Inbox() {
  return (
    <Screen title="Inbox">
      <Empty title="Nothing here yet" />
    </Screen>
  );
}
