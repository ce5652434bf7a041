import { Empty } from "../../ui/empty.tsx";
import { Screen } from "../../ui/screen.tsx";

export function Timeline() {
  return (
    <Screen title="Timeline">
      <Empty title="Nothing here yet" />
    </Screen>
  );
}
