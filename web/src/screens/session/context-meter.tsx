import { useQuery } from "@tanstack/react-query";
import { useApi } from "../../app/client.ts";
import { useLive } from "../../live/hooks.ts";
import { money, tokens } from "../../ui/amount.tsx";
import { contextUse } from "./context-use.ts";
import { useSessionInfo } from "./hooks.ts";
import { rarely } from "./use-completion.ts";

/** How much of what the model can hold is used, and what the session has cost. */
export function ContextMeter({ sessionID }: { sessionID: string }) {
  const session = useSessionInfo(sessionID);
  const used = useLive(({ conversations }) => contextUse(Object.values(conversations[sessionID]?.infos ?? {})));
  const options = useApi(session?.directory).config.providers.queryOptions(undefined, {
    staleTime: rarely,
    enabled: session !== undefined,
  });
  const { data } = useQuery(options);
  const limit = data?.providers.find(({ id }) => id === used?.providerID)?.models[used?.modelID ?? ""]?.limit.context;
  const cost = session?.cost ?? 0;
  if (used === undefined && cost === 0) return null;
  const share = used === undefined || !limit ? undefined : Math.min(1, used.tokens / limit);
  const words = limit ? `${tokens(used?.tokens ?? 0)} of ${tokens(limit)}` : `${tokens(used?.tokens ?? 0)} tokens`;
  return (
    <div className="flex items-center gap-2 text-muted text-xs" title={`Context: ${words}${cost > 0 ? `; cost: ${money(cost)}` : ""}`}>
      {share !== undefined && (
        <div aria-hidden="true" className="hidden h-1.5 w-16 overflow-hidden rounded-full border border-line bg-sunken sm:block">
          <div className={`h-full ${share > 0.85 ? "bg-warn" : "bg-accent"}`} style={{ width: `${share * 100}%` }} />
        </div>
      )}
      <span className="whitespace-nowrap">{share === undefined ? words : `${words} · ${Math.round(share * 100)}%`}</span>
      {cost > 0 && <span className="hidden sm:inline">{money(cost)}</span>}
    </div>
  );
}
