import { getRouteApi } from "@tanstack/react-router";
import { serverAddress } from "../../app/base.ts";
import { buttonClasses } from "../../ui/button.tsx";
import { Empty } from "../../ui/empty.tsx";
import { Screen } from "../../ui/screen.tsx";
import { Spinner } from "../../ui/spinner.tsx";
import { ProcedureList } from "./procedure-list.tsx";
import { ProcedurePanel } from "./procedure-panel.tsx";
import { useProcedures } from "./procedures.ts";

const route = getRouteApi("/api");

/** Every procedure, to be searched, run and copied; and the way to the same over REST. */
export function Api() {
  const { procedure: name } = route.useSearch();
  const { data, error } = useProcedures();
  const chosen = data?.find(({ path }) => path === name);
  return (
    <Screen
      title="API"
      actions={
        <a href={`${serverAddress}/doc`} target="_blank" rel="noreferrer" className={buttonClasses()}>
          REST explorer
        </a>
      }
    >
      {error !== null && <Empty title="The procedures could not be loaded">{error.message}</Empty>}
      {error === null && data === undefined && (
        <div className="flex flex-1 items-center justify-center">
          <Spinner label="Loading the procedures" className="size-6" />
        </div>
      )}
      {data !== undefined && (
        <div className="flex min-h-0 flex-1">
          <ProcedureList procedures={data} className={name === undefined ? "flex" : "hidden md:flex"} />
          {chosen !== undefined && <ProcedurePanel key={chosen.path} procedure={chosen} />}
          {name === undefined && (
            <div className="hidden flex-1 md:flex">
              <Empty title="Choose a procedure">
                {data.length} of them can be run from here, and copied as tRPC, OpenCode's SDK or curl.
              </Empty>
            </div>
          )}
          {name !== undefined && chosen === undefined && <Empty title={`There is no procedure ${name}`}>Choose one of the list.</Empty>}
        </div>
      )}
    </Screen>
  );
}
