import { getRouteApi } from "@tanstack/react-router";
import { Screen } from "../../ui/screen.tsx";
import { Tabs } from "../../ui/tabs.tsx";
import { Control } from "./control.tsx";
import { Inspector } from "./inspector.tsx";

const route = getRouteApi("/events");

/** What happens, as it happens; and driving a terminal client. */
export function Events() {
  const { tab } = route.useSearch();
  const navigate = route.useNavigate();
  return (
    <Screen title="Events">
      <Tabs
        label="Events"
        value={tab === "control" ? "control" : "inspector"}
        onChange={(next) => void navigate({ search: (before) => ({ ...before, tab: next === "control" ? next : undefined }) })}
        tabs={[
          { value: "inspector", title: "Inspector", content: <Inspector /> },
          { value: "control", title: "Terminal control", content: <Control /> },
        ]}
      />
    </Screen>
  );
}
