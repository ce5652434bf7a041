import { getRouteApi, Link } from "@tanstack/react-router";
import { useMemo } from "react";
import { serverAddress } from "../../app/base.ts";
import { useCall } from "../../app/call.ts";
import { Badge } from "../../ui/badge.tsx";
import { buttonClasses } from "../../ui/button.tsx";
import { DirectorySelect } from "../../ui/directory-select.tsx";
import { fieldOf } from "../../ui/form-fields.ts";
import { Icon } from "../../ui/icon.tsx";
import { JsonTree } from "../../ui/json-tree.tsx";
import { Markdown } from "../../ui/markdown.tsx";
import { CallForm } from "./call-form.tsx";
import { Copies } from "./copies.tsx";
import type { Procedure } from "./procedures.ts";
import { Results } from "./results.tsx";
import { useInput } from "./use-input.ts";

const route = getRouteApi("/api");

/** What a procedure does, a form for its input, what came of it, and the same call as code. */
export function ProcedurePanel({ procedure }: { procedure: Procedure }) {
  const { directory } = route.useSearch();
  const navigate = route.useNavigate();
  const field = useMemo(() => (procedure.input === undefined ? undefined : fieldOf(procedure.input)), [procedure.input]);
  const input = useInput(procedure, field);
  const call = useCall(procedure, directory);
  const choose = (next: string | undefined) => void navigate({ search: (before) => ({ ...before, directory: next }), replace: true });
  return (
    <article aria-labelledby="procedure" className="flex min-w-0 flex-1 flex-col gap-5 overflow-auto p-4">
      <About procedure={procedure} />
      <DirectorySelect value={directory} onChoose={choose} />
      <CallForm procedure={procedure} field={field} input={input} call={call} />
      <Results call={call} isStream={procedure.type === "subscription"} />
      {procedure.output !== undefined && (
        <details>
          <summary className="cursor-default py-1 text-muted touch:py-3">What it answers, as a JSON schema</summary>
          <JsonTree value={procedure.output} label="Schema of the answer" />
        </details>
      )}
      <Copies procedure={procedure} value={input.value} directory={directory} />
    </article>
  );
}

const tones = { query: "plain", mutation: "warn", subscription: "accent" } as const;

function About({ procedure }: { procedure: Procedure }) {
  const { path, type, scope, summary, description, rest, tag, operationId } = procedure;
  return (
    <header className="flex flex-col gap-2">
      <div className="flex flex-wrap items-center gap-2">
        <Link to="/api" search={({ q }) => ({ q })} aria-label="All procedures" className={buttonClasses("quiet", "md:hidden")}>
          <Icon name="back" />
        </Link>
        <h2 id="procedure" className="min-w-0 break-all font-mono font-semibold text-base">
          {path}
        </h2>
        <Badge tone={tones[type]}>{type}</Badge>
        {scope !== undefined && <Badge>scope {scope}</Badge>}
      </div>
      {summary !== undefined && <p className="font-medium">{summary}</p>}
      {description !== undefined && <Markdown text={description} />}
      {rest !== undefined && (
        <p className="text-muted">
          Over REST:{" "}
          <a
            href={`${serverAddress}/doc${tag && operationId ? `#/${tag}/${operationId}` : ""}`}
            target="_blank"
            rel="noreferrer"
            className="inline-flex items-center font-mono text-accent text-xs underline touch:min-h-11"
          >
            {rest}
          </a>
        </p>
      )}
    </header>
  );
}
