import { getRouteApi, Link } from "@tanstack/react-router";
import { useMemo, useRef } from "react";
import { VList } from "virtua";
import { useActions } from "../../app/actions.ts";
import { classes } from "../../ui/classes.ts";
import { inputClasses } from "../../ui/field.tsx";
import { type Procedure, rowsOf } from "./procedures.ts";

const route = getRouteApi("/api");

/** The procedures by their first word, narrowed by a search. */
export function ProcedureList({ procedures, className }: { procedures: readonly Procedure[]; className: string }) {
  const { q = "", procedure: chosen } = route.useSearch();
  const navigate = route.useNavigate();
  const search = useRef<HTMLInputElement>(null);
  const rows = useMemo(() => rowsOf(procedures, q), [procedures, q]);
  useActions(() => [{ id: "api.find", title: "Find a procedure", group: "API", keys: "/", run: () => search.current?.focus() }]);
  return (
    <nav aria-label="Procedures" className={classes("min-h-0 w-full flex-col border-line md:w-80 md:shrink-0 md:border-r", className)}>
      <div className="p-3">
        <input
          ref={search}
          type="search"
          aria-label="Find a procedure"
          placeholder="Find: session, list, GET /file…"
          value={q}
          className={inputClasses}
          onChange={(event) => void navigate({ search: (before) => ({ ...before, q: event.target.value }), replace: true })}
        />
        <p role="status" className="pt-1 text-muted text-xs">
          {rows.filter((row) => "procedure" in row).length} of {procedures.length}
        </p>
      </div>
      <VList className="min-h-0 flex-1 pb-2">
        {rows.map((row) =>
          "group" in row ? (
            <h2 key={row.group} className="px-3 pt-3 pb-1 font-semibold text-muted text-xs">
              {row.group}
            </h2>
          ) : (
            <ProcedureLink key={row.procedure.path} procedure={row.procedure} isChosen={row.procedure.path === chosen} />
          ),
        )}
      </VList>
    </nav>
  );
}

const signs = { query: "read", mutation: "change", subscription: "stream" };

function ProcedureLink({ procedure: { path, type, summary }, isChosen }: { procedure: Procedure; isChosen: boolean }) {
  return (
    <Link
      to="/api"
      search={({ q }) => ({ q, procedure: path })}
      aria-current={isChosen ? "true" : undefined}
      className={classes(
        "block border-l-2 px-3 py-1.5 hover:bg-hover focus-visible:-outline-offset-2 touch:py-2.5",
        isChosen ? "border-accent bg-hover" : "border-transparent",
      )}
    >
      <span className="flex items-baseline gap-2">
        <span className="min-w-0 flex-1 truncate font-mono text-xs">{path}</span>
        <span className="text-muted text-xs">{signs[type]}</span>
      </span>
      {summary !== undefined && <span className="block truncate text-muted text-xs">{summary}</span>}
    </Link>
  );
}
