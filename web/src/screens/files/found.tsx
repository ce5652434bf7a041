import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useDeferredValue } from "react";
import { Virtualizer } from "virtua";
import { useApi } from "../../app/client.ts";
import { reasonOf } from "../../live/follow.ts";
import { Empty } from "../../ui/empty.tsx";
import { Spinner } from "../../ui/spinner.tsx";
import { type Hit, namedHits, symbolHits, textHits } from "./hits.ts";

interface FoundProps {
  directory: string | undefined;
  query: string;
  find: "name" | "text" | "symbol";
  onOpen(path: string, line?: number): void;
}

/** What a search found. */
export function Found({ directory, query, find, onOpen }: FoundProps) {
  const wanted = useDeferredValue(query);
  const { data: hits, error } = useHits({ directory, query: wanted, find });
  if (error)
    return (
      <Empty title="The search failed" role="alert">
        {reasonOf(error)}
      </Empty>
    );
  if (hits === undefined)
    return (
      <div className="p-4">
        <Spinner />
      </div>
    );
  if (hits.length === 0 && find === "symbol") return <NoSymbols directory={directory} />;
  if (hits.length === 0) return <Empty title="Nothing was found">Files that git ignores are not looked into.</Empty>;
  return (
    <Virtualizer as="ul" item="li">
      {hits.map((hit) => (
        <HitRow key={hit.key} hit={hit} onOpen={onOpen} />
      ))}
    </Virtualizer>
  );
}

/** Symbols come from language servers: whether one runs is known only after it was asked. */
function NoSymbols({ directory }: { directory: string | undefined }) {
  const { data: servers } = useQuery(useApi(directory).lsp.status.queryOptions(undefined, { staleTime: 0 }));
  if (servers === undefined) return null;
  const failed = servers.filter(({ status }) => status !== "connected").map(({ name }) => name);
  if (servers.length === 0)
    return (
      <Empty title="No language server runs here">
        Symbols come from one, and none is installed for the languages of this directory. Install it (typescript-language-server, gopls,
        pyright …) or name it in the configuration under <code className="font-mono">lsp</code>.
      </Empty>
    );
  if (failed.length === servers.length)
    return <Empty title="The language server failed">{failed.join(", ")}: see Settings, Languages.</Empty>;
  return <Empty title="No symbol of that name">{`${servers.map(({ name }) => name).join(", ")} was asked.`}</Empty>;
}

function HitRow({ hit, onOpen }: { hit: Hit; onOpen: FoundProps["onOpen"] }) {
  return (
    <button
      type="button"
      onClick={() => onOpen(hit.path, hit.line)}
      className="block min-h-7 w-full truncate px-3 py-1 text-left hover:bg-hover touch:min-h-11"
    >
      <span className="truncate" title={hit.path}>
        {hit.title}
      </span>
      <span className="block truncate font-mono text-muted text-xs">{hit.detail}</span>
    </button>
  );
}

function useHits({ directory, query, find }: Omit<FoundProps, "onOpen">): { data: Hit[] | undefined; error: unknown } {
  const api = useApi(directory);
  const shared = { placeholderData: keepPreviousData };
  const names = useQuery({
    ...api.find.files.queryOptions({ query, type: "file", limit: 200 }),
    ...shared,
    select: namedHits,
    enabled: find === "name",
  });
  const text = useQuery({ ...api.find.text.queryOptions({ pattern: query }), ...shared, select: textHits, enabled: find === "text" });
  const symbols = useQuery({ ...api.find.symbols.queryOptions({ query }), ...shared, select: symbolHits, enabled: find === "symbol" });
  return { name: names, text, symbol: symbols }[find];
}
