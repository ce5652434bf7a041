import type { Model, Provider } from "../schema/provider.ts";
import type { ModelEntry } from "./catalogue.ts";
import type { Connection } from "./connection.ts";
import type { Entry } from "./entry.ts";
import { publicOptions, publicURL } from "./redact.ts";

/** A provider as clients see it: no key, no headers, no option that looks like a secret. */
export function toProvider(entry: Entry, connection: Connection): Provider {
  const models = Object.entries(entry.models).map(([id, model]) => [id, toModel(entry, connection, { id, model })] as const);
  return {
    id: entry.id,
    name: entry.name,
    source: connection.source,
    env: entry.env,
    options: publicOptions(entry.options, connection.key),
    models: Object.fromEntries(models),
  };
}

/** A model as clients see it. Limits of 0 mean that nobody said. Headers stay with the server: they may carry keys. */
export function toModel(entry: Entry, connection: Connection, { id, model }: { id: string; model: ModelEntry }): Model {
  return {
    id,
    providerID: entry.id,
    api: { id: model.id ?? id, url: publicURL(model.provider?.api ?? connection.baseURL ?? ""), npm: model.provider?.npm ?? entry.npm },
    name: model.name ?? id,
    family: model.family,
    capabilities: capabilities(model),
    cost: cost(model.cost),
    limit: model.limit ?? { context: 0, output: 0 },
    status: model.status ?? "active",
    options: publicOptions(model.options ?? {}, connection.key),
    headers: {},
    release_date: model.release_date ?? "",
    variants: enabledVariants(model.variants),
  };
}

function capabilities(model: ModelEntry): Model["capabilities"] {
  const input = model.modalities?.input ?? ["text"];
  const output = model.modalities?.output ?? ["text"];
  const interleaved = typeof model.interleaved === "string" ? { field: model.interleaved } : model.interleaved;
  return {
    temperature: model.temperature ?? false,
    reasoning: model.reasoning ?? false,
    attachment: model.attachment ?? input.some((kind) => kind !== "text"),
    toolcall: model.tool_call ?? true,
    input: modalities(input),
    output: modalities(output),
    interleaved: interleaved ?? false,
  };
}

function modalities(kinds: string[]): Model["capabilities"]["input"] {
  const has = (kind: string) => kinds.includes(kind);
  return { text: has("text"), audio: has("audio"), image: has("image"), video: has("video"), pdf: has("pdf") };
}

type Rate = { input: number; output: number; cache_read?: number; cache_write?: number };

function cost(config: ModelEntry["cost"]): Model["cost"] {
  if (config === undefined) return rate({ input: 0, output: 0 });
  const tiers = config.tiers?.map((tier) => ({ ...rate(tier), tier: { type: "context" as const, size: tier.size } }));
  const over = config.context_over_200k;
  return { ...rate(config), ...(tiers && { tiers }), ...(over && { experimentalOver200K: rate(over) }) };
}

function rate({ input, output, cache_read = 0, cache_write = 0 }: Rate) {
  return { input, output, cache: { read: cache_read, write: cache_write } };
}

/** Variants without those switched off, and without the switch. */
function enabledVariants(variants: ModelEntry["variants"]): Model["variants"] {
  const kept = Object.entries(variants ?? {}).filter(([, variant]) => variant.disabled !== true);
  if (kept.length === 0) return undefined;
  return Object.fromEntries(kept.map(([name, { disabled, ...options }]) => [name, options]));
}
