import type { Agent, Command } from "../src/schema/agent.ts";
import type { Config } from "../src/schema/config.ts";
import type { ConnectionInfo, IntegrationInfo, IntegrationMethod, ModelV2Info, ProviderV2Info } from "../src/schema/integration.ts";
import type { AgentV2Info, CommandV2Info, ReferenceInfo } from "../src/schema/location.ts";
import { parseModel } from "../src/schema/prompt.ts";
import type { Model, Provider, ProviderAuthMethod } from "../src/schema/provider.ts";

/** What goes to a provider beside the call stays in the server: it may hold secrets. */
const nothingSent = { headers: {}, body: {} };
const named = ["primary", "secondary", "accent", "success", "warning", "error", "info"] as const;

export function agentOf({ name, model, prompt, description, mode, hidden, color, steps, permission }: Agent): AgentV2Info {
  return {
    id: name,
    model: model && { id: model.modelID, providerID: model.providerID },
    request: nothingSent,
    system: prompt,
    description,
    mode,
    hidden: hidden ?? false,
    color: /^#[0-9a-fA-F]{6}$/.test(color ?? "") ? color : named.find((known) => known === color),
    steps,
    permissions: permission.map(({ permission: action, pattern: resource, action: effect }) => ({ action, resource, effect })),
  };
}

export function commandOf({ name, template, description, agent, model, subtask }: Command): CommandV2Info {
  const ref = parseModel(model);
  return { name, template, description, agent, model: ref && { id: ref.modelID, providerID: ref.providerID }, subtask };
}

export function modelOf(model: Model, enabled: boolean): ModelV2Info {
  const { id, providerID, family, name, api, capabilities, variants = {}, cost, status, limit } = model;
  const { tiers = [], input, output, cache } = cost;
  return {
    id,
    providerID,
    family,
    name,
    api: { id: api.id, type: "aisdk", package: api.npm, ...(api.url !== "" && { url: api.url }) },
    capabilities: { tools: capabilities.toolcall, input: supported(capabilities.input), output: supported(capabilities.output) },
    request: nothingSent,
    variants: Object.keys(variants).map((variant) => ({ id: variant, ...nothingSent })),
    time: { released: Date.parse(model.release_date) || 0 },
    cost: [{ input, output, cache }, ...tiers],
    status,
    enabled,
    limit: { context: whole(limit.context), output: whole(limit.output), ...(limit.input !== undefined && { input: whole(limit.input) }) },
  };
}

/** Tokens are counted in whole ones, whatever a configuration says. */
function whole(tokens: number): number {
  return Math.max(Number.MIN_SAFE_INTEGER, Math.min(Number.MAX_SAFE_INTEGER, Math.floor(tokens)));
}

function supported(media: Record<string, boolean>): string[] {
  return Object.keys(media).filter((medium) => media[medium]);
}

export function providerOf({ id, name, models }: Provider): ProviderV2Info {
  const { npm = "", url = "" } = Object.values(models)[0]?.api ?? {};
  return { id, integrationID: id, name, api: { type: "aisdk", package: npm, ...(url !== "" && { url }) }, request: nothingSent };
}

/** Where a variable holds the key, it is one of these names; which one is the server's to know. */
export function integrationOf({ id, name, env, source }: Provider, logins: ProviderAuthMethod[] = []): IntegrationInfo {
  const connections: ConnectionInfo[] = [];
  if (source === "api") connections.push({ type: "credential", id, label: name });
  if (source === "env") connections.push({ type: "env", name: env.join(" or ") });
  const variables: IntegrationMethod[] = env.length === 0 ? [] : [{ type: "env", names: env }];
  return { id, name, methods: [...logins.map(methodOf), ...variables], connections };
}

/** A way to log in; its number is its place in the list of `GET /provider/auth`. */
function methodOf({ type, label, prompts }: ProviderAuthMethod, number: number): IntegrationMethod {
  return type === "api" ? { type: "key", label } : { id: String(number), type: "oauth", label, prompts };
}

/** Those on this machine. A repository elsewhere is not fetched, so there is no path to it. */
export function referencesOf({ references, reference }: Config, absolute: (path: string) => string): ReferenceInfo[] {
  return Object.entries({ ...reference, ...references }).flatMap(([name, value]): ReferenceInfo[] => {
    const { path, description, hidden } = typeof value === "string" ? { path: value } : "path" in value ? value : {};
    if (path === undefined || /^[a-z+]+:\/\/|^git@/i.test(path)) return [];
    const shown = { path: absolute(path), description, hidden };
    return [{ name, ...shown, source: { type: "local", ...shown } }];
  });
}
