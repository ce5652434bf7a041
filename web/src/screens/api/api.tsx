import { Empty } from "../../ui/empty.tsx";
import { Screen } from "../../ui/screen.tsx";

export function Api() {
  return (
    <Screen title="API">
      <Empty title="Nothing here yet" />
    </Screen>
  );
}
