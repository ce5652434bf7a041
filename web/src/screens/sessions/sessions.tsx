import { getRouteApi } from "@tanstack/react-router";
import { Screen } from "../../ui/screen.tsx";
import { filtersOf, panesOf } from "./filters.ts";
import { NewSession } from "./new-session.tsx";
import { Overview } from "./overview.tsx";
import { Panes } from "./panes.tsx";

const route = getRouteApi("/");

/** Every session of every client: as a list, or some of them side by side. */
export function Sessions() {
  const search = route.useSearch();
  const panes = panesOf(search.panes);
  const navigate = route.useNavigate();
  const showPanes = (ids: readonly string[]) =>
    void navigate({ search: (before) => ({ ...before, panes: ids.length === 0 ? undefined : ids.join(",") }) });
  return (
    <Screen title="Sessions" actions={<NewSession />}>
      {panes.length > 0 ? (
        <Panes ids={panes} onChange={showPanes} />
      ) : (
        <Overview
          filters={filtersOf(search)}
          onFilter={(change) => void navigate({ search: (before) => ({ ...before, ...change }), replace: true })}
          onBeside={showPanes}
        />
      )}
    </Screen>
  );
}
