import { Empty } from "../../ui/empty.tsx";
import { Screen } from "../../ui/screen.tsx";

export function Changes() {
  return (
    <Screen title="Changes">
      <Empty title="Nothing here yet" />
    </Screen>
  );
}
