import { Empty } from "../../ui/empty.tsx";
import { Screen } from "../../ui/screen.tsx";

export function Settings() {
  return (
    <Screen title="Settings">
      <Empty title="Nothing here yet" />
    </Screen>
  );
}
