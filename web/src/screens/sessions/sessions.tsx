import { getRouteApi } from "@tanstack/react-router";
import { lazy, Suspense } from "react";
import { Screen } from "../../ui/screen.tsx";
import { Spinner } from "../../ui/spinner.tsx";
import { filtersOf, panesOf } from "./filters.ts";
import { NewSession } from "./new-session.tsx";
import { Overview } from "./overview.tsx";

/** With all that conversations are made of. */
const Panes = lazy(() => import("./panes.tsx").then(({ Panes }) => ({ default: Panes })));

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
        <Suspense fallback={<Spinner label="Opening the sessions" />}>
          <Panes ids={panes} onChange={showPanes} />
        </Suspense>
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
