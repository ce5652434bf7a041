import { Empty } from "../../ui/empty.tsx";
import { Screen } from "../../ui/screen.tsx";

export function Events() {
  return (
    <Screen title="Events">
      <Empty title="Nothing here yet" />
    </Screen>
  );
}
