import { Empty } from "../../ui/empty.tsx";
import { Screen } from "../../ui/screen.tsx";

export function Usage() {
  return (
    <Screen title="Usage">
      <Empty title="Nothing here yet" />
    </Screen>
  );
}
