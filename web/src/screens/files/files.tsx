import { Empty } from "../../ui/empty.tsx";
import { Screen } from "../../ui/screen.tsx";

export function Files() {
  return (
    <Screen title="Files">
      <Empty title="Nothing here yet" />
    </Screen>
  );
}
