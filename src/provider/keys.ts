import type { Auth } from "../schema/provider.ts";
import type { ProviderKey } from "../schema/provider-key.ts";
import type { Entry } from "./entry.ts";

export interface KeySources {
  env: NodeJS.ProcessEnv;
  /** By provider. */
  stored: Record<string, Auth>;
}

type Found = Omit<ProviderKey, "providerID" | "name" | "used">;

/** What is configured, stored and in the environment for each provider, in the order in which `connect` looks for it: the first is sent. */
export function keysOf(entries: Pick<Entry, "id" | "name" | "env" | "options">[], sources: KeySources): ProviderKey[] {
  const unknown = Object.keys(sources.stored).filter((id) => !entries.some((entry) => entry.id === id));
  const all: typeof entries = [...entries, ...unknown.map((id) => ({ id, name: id, env: [], options: {} }))];
  return all.flatMap(({ id, name, env, options }) => {
    const found = [
      ...configured(options.apiKey),
      ...storedOf(sources.stored[id]),
      ...env.flatMap((variable) => named(variable, sources.env)),
    ];
    const sent = found.findIndex(({ type }) => type !== "wellknown");
    return found.map((key, at) => ({ providerID: id, name, ...key, used: at === sent }));
  });
}

function configured(key: unknown): Found[] {
  return typeof key === "string" && key !== "" ? [{ source: "config", type: "key", masked: mask(key) }] : [];
}

function storedOf(auth: Auth | undefined): Found[] {
  if (auth === undefined) return [];
  if (auth.type === "oauth") return [{ source: "stored", type: "login", masked: mask(auth.access), expires: auth.expires }];
  const isKey = auth.type === "api";
  return [{ source: "stored", type: isKey ? "key" : "wellknown", masked: mask(isKey ? auth.key : auth.token) }];
}

function named(variable: string, env: NodeJS.ProcessEnv): Found[] {
  const key = env[variable];
  return key === undefined || key === "" ? [] : [{ source: "env", variable, type: "key", masked: mask(key) }];
}

/** Of a short secret nothing can be shown. */
function mask(secret: string): string {
  return secret.length < 16 ? "…" : `${secret.slice(0, 3)}…${secret.slice(-4)}`;
}
