import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import type { Provider, ProviderAuthMethod, ProviderKey } from "../../../../src/client/client.ts";
import { useApi } from "../../app/client.ts";
import { Badge } from "../../ui/badge.tsx";
import { Button } from "../../ui/button.tsx";
import { inputClasses } from "../../ui/field.tsx";
import { KeyDialog } from "./key-dialog.tsx";
import { Group, Item, Loaded, listClasses } from "./loaded.tsx";
import { ProviderActions } from "./provider-actions.tsx";
import { useMayChange } from "./rights.ts";

const most = 40;

/** Providers with their keys: those that can be called first. */
export function Providers({ directory }: { directory: string | undefined }) {
  const api = useApi(directory);
  const list = useQuery(api.provider.list.queryOptions());
  const keys = useQuery(api.auth.list.queryOptions());
  const methods = useQuery(api.provider.auth.queryOptions());
  const [wanted, setWanted] = useState("");
  const [isAdding, setAdding] = useState(false);
  const mayChange = useMayChange();
  const keysOf = (id: string) => keys.data?.filter(({ providerID }) => providerID === id) ?? [];
  const methodsOf = (id: string) => methods.data?.[id] ?? [];
  const row = (provider: Provider, isConnected: boolean) => (
    <ProviderRow
      key={provider.id}
      provider={provider}
      lacks={isConnected ? undefined : lackOf(provider, { keys: keysOf(provider.id), methods: methodsOf(provider.id) })}
      keys={keysOf(provider.id)}
    >
      {mayChange === true && (
        <ProviderActions
          directory={directory}
          providerID={provider.id}
          isConnected={isConnected}
          keys={keysOf(provider.id)}
          methods={methodsOf(provider.id)}
        />
      )}
    </ProviderRow>
  );
  return (
    <Loaded query={list} what="The providers">
      {({ all, connected }) => {
        const isReady = ({ id }: Provider) => connected.includes(id);
        const unknown = (keys.data ?? []).filter(({ providerID }) => !all.some(({ id }) => id === providerID));
        const others = all.filter((provider) => !isReady(provider) && fits(provider, wanted));
        return (
          <>
            <Group title="Ready to be called" actions={mayChange && <Button onClick={() => setAdding(true)}>Add a key</Button>}>
              <ul className={listClasses}>{all.filter(isReady).map((provider) => row(provider, true))}</ul>
              {connected.length === 0 && <p className="text-muted">None: add a key, or log in at a provider.</p>}
            </Group>
            {unknown.length > 0 && (
              <Group title="Keys of providers that are not known here">
                <ul className={listClasses}>
                  {unknown.map(({ providerID }) =>
                    row({ id: providerID, name: providerID, source: "api", env: [], options: {}, models: {} }, false),
                  )}
                </ul>
              </Group>
            )}
            <Group
              title="Without a key or a login"
              actions={
                <input
                  type="search"
                  aria-label="Find a provider"
                  placeholder="Find a provider"
                  className={`${inputClasses} sm:w-56`}
                  value={wanted}
                  onChange={(event) => setWanted(event.target.value)}
                />
              }
            >
              <ul className={listClasses}>{others.slice(0, most).map((provider) => row(provider, false))}</ul>
              {others.length === 0 && <p className="text-muted">There is none of that name.</p>}
              {others.length > most && <p className="mt-2 text-muted">{others.length - most} more: search by name.</p>}
            </Group>
            {isAdding && <KeyDialog directory={directory} onClose={() => setAdding(false)} />}
          </>
        );
      }}
    </Loaded>
  );
}

const fits = ({ id, name }: Provider, wanted: string): boolean => `${id} ${name}`.toLowerCase().includes(wanted.toLowerCase());

/** What a provider that cannot be called is in want of. */
function lackOf({ models }: Provider, { keys, methods }: { keys: ProviderKey[]; methods: ProviderAuthMethod[] }): string {
  if (keys.some(({ used }) => used)) return Object.keys(models).length === 0 ? "no models" : "no address";
  if (!methods.some(({ type }) => type === "oauth")) return "no key";
  return methods.some(({ type }) => type === "api") ? "needs a key or a login" : "needs a login";
}

interface ProviderRowProps {
  provider: Provider;
  /** Undefined: it can be called. */
  lacks: string | undefined;
  keys: ProviderKey[];
  children: ReactNode;
}

function ProviderRow({ provider: { id, name, models, env }, lacks, keys, children }: ProviderRowProps) {
  const count = Object.keys(models).length;
  return (
    <Item actions={children}>
      <div className="flex flex-wrap items-center gap-2">
        <span className="font-medium">{name}</span>
        <span className="text-muted text-xs">{id}</span>
        <Badge tone={lacks === undefined ? "ok" : "plain"}>{lacks ?? "ready"}</Badge>
      </div>
      <div className="text-muted text-xs">
        {count} {count === 1 ? "model" : "models"}
        {lacks !== undefined && env.length > 0 && <> · reads {env.join(", ")}</>}
      </div>
      {keys.map((key) => (
        <KeyLine key={`${key.source} ${key.variable ?? ""} ${key.masked}`} entry={key} />
      ))}
    </Item>
  );
}

const sources = { config: "configuration", stored: "stored here", env: "environment" };

function KeyLine({ entry: { source, variable, type, masked, used, expires } }: { entry: ProviderKey }) {
  return (
    <div className="flex flex-wrap items-center gap-x-2 text-xs">
      <code className="break-all font-mono">{masked}</code>
      <span className="text-muted">
        {type === "key" ? "key" : "login"}, {sources[source]}
        {variable !== undefined && ` (${variable})`}
        {expires !== undefined && `, renewed ${new Date(expires).toLocaleString()}`}
      </span>
      {!used && <span className="text-muted">· not used, another one counts</span>}
    </div>
  );
}
