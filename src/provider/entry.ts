import type { Config, ProviderConfig, ProviderOAuthConfig } from "../schema/config.ts";
import type { CatalogueEntry, ModelEntry } from "./catalogue.ts";
import { offlineEntry } from "./offline/entry.ts";

/** A provider before anybody asks whether it can be used: what the catalogue, the configuration and the local search say together. */
export interface Entry {
  id: string;
  name: string;
  npm: string;
  env: string[];
  /** Named in the configuration. */
  configured: boolean;
  /** Base URL of the configuration, and the one the catalogue (or the local search) knows. */
  configuredURL?: string;
  knownURL?: string;
  /** Options of the configuration: may hold secrets, never shown as they are. */
  options: Record<string, unknown>;
  models: Record<string, ModelEntry>;
  small?: string;
  /** How one logs in, where that is known. */
  oauth?: ProviderOAuthConfig;
}

/** The packages that are built in: `npm` of the configuration picks one. */
export const packages = ["@ai-sdk/openai", "@ai-sdk/anthropic", "@ai-sdk/openai-compatible"] as const;

/** All providers by preference: those of the configuration in its order, then the catalogue's, then local ones, offline last. */
export function mergeEntries(catalogue: Record<string, CatalogueEntry>, config: Config, local: Record<string, CatalogueEntry>): Entry[] {
  const configured = config.provider ?? {};
  const known = { ...local, ...catalogue };
  const ids = new Set([...Object.keys(configured), ...Object.keys(catalogue), ...Object.keys(local)]);
  ids.delete(offlineEntry.id);
  const entries = [...ids].map((id) => mergeEntry(id, known[id], configured[id]));
  return [...entries, offlineEntry].filter(({ id }) => allowed(id, config));
}

/** The offline provider goes only when it is disabled by name. */
export function allowed(id: string, config: Config): boolean {
  if (config.disabled_providers?.includes(id)) return false;
  return id === offlineEntry.id || config.enabled_providers === undefined || config.enabled_providers.includes(id);
}

function mergeEntry(id: string, known: CatalogueEntry | undefined, config: ProviderConfig | undefined): Entry {
  const models = mergeModels(known?.models ?? {}, config?.models ?? {});
  return {
    id,
    name: config?.name ?? known?.name ?? id,
    npm: pickPackage(config?.npm, known?.npm),
    env: config?.env ?? known?.env ?? [],
    configured: config !== undefined,
    configuredURL: config?.options?.baseURL ?? config?.api,
    knownURL: known?.api,
    options: { ...config?.options },
    models: filterModels(models, config),
    small: known?.small,
    oauth: config?.oauth || known?.oauth ? { ...known?.oauth, ...config?.oauth } : undefined,
  };
}

/** A package that is not built in is replaced by the catalogue's way to reach the same provider, if it has one. */
function pickPackage(configured: string | undefined, known: string | undefined): string {
  const builtIn = (packages as readonly string[]).includes(configured ?? "");
  return (builtIn ? configured : (known ?? configured)) ?? "@ai-sdk/openai-compatible";
}

/** A configured model inherits what is known of the model it names by its key or, as an alias, by its `id`. */
function mergeModels(known: Record<string, ModelEntry>, configured: Record<string, ModelEntry>): Record<string, ModelEntry> {
  const merged = { ...known };
  for (const [id, model] of Object.entries(configured)) {
    const base = known[model.id ?? id];
    const name = model.name ?? (model.id === undefined || model.id === id ? base?.name : id);
    merged[id] = {
      ...base,
      ...model,
      name,
      options: { ...base?.options, ...model.options },
      headers: { ...base?.headers, ...model.headers },
    };
  }
  return merged;
}

function filterModels(models: Record<string, ModelEntry>, config: ProviderConfig | undefined): Record<string, ModelEntry> {
  const kept = Object.entries(models).filter(
    ([id]) => (config?.whitelist === undefined || config.whitelist.includes(id)) && !config?.blacklist?.includes(id),
  );
  return Object.fromEntries(kept);
}
