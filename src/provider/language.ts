import type { LanguageModelV4 } from "@ai-sdk/provider";
import { AppError } from "../schema/error.ts";
import type { ModelEntry } from "./catalogue.ts";
import { type Connection, headersOf } from "./connection.ts";
import { type Entry, packages } from "./entry.ts";

export interface Target {
  entry: Entry;
  connection: Connection;
  modelID: string;
  model: ModelEntry;
  /** The access token of a login, fresh at each call. */
  token?: () => Promise<string | undefined>;
}

interface Settings {
  apiKey: string;
  baseURL: string;
  headers: Record<string, string>;
  modelID: string;
  fetch?: typeof fetch;
}

/**
 * The model behind the AI SDK's interface. Each SDK package is imported when its first model is used. Key and base URL are always passed, be
 * they empty: the packages would otherwise take those of the process's environment. Throws AppError ConfigInvalidError for an `npm` that is not
 * built in and for a provider without base URL.
 */
export async function createLanguage(target: Target): Promise<LanguageModelV4> {
  const { entry, connection } = target;
  const settings = settingsOf(target);
  switch (packageOf(target)) {
    case "@ai-sdk/openai":
      return openai(settings, usesResponses(target, settings.baseURL));
    case "@ai-sdk/anthropic":
      return anthropic(settings, connection.bearer);
    case "@ai-sdk/openai-compatible":
      return compatible(settings, entry);
    case "codeport":
      return (await import("./offline/guide.ts")).createGuide();
    default:
      throw new AppError(
        "ConfigInvalidError",
        `Provider "${entry.id}" asks for the package ${packageOf(target)}. Built in are ${packages.join(", ")}: use @ai-sdk/openai-compatible with options.baseURL where the provider has such an endpoint.`,
        { path: `provider.${entry.id}.npm` },
      );
  }
}

/** Options for the AI SDK call under the name its package reads: the model's own, then the variant's on top. */
export function providerOptions(target: Target, variant: string | undefined): Record<string, Record<string, unknown>> {
  const chosen = variant === undefined ? undefined : target.model.variants?.[variant];
  const { disabled, ...extra } = chosen?.disabled === true ? {} : (chosen ?? {});
  const options = { ...defaults(target), ...target.model.options, ...extra };
  if (Object.keys(options).length === 0) return {};
  const names: Record<string, string> = { "@ai-sdk/openai": "openai", "@ai-sdk/anthropic": "anthropic" };
  return { [names[packageOf(target)] ?? target.entry.id]: options };
}

/** OpenAI need not keep the conversations; Anthropic caches a prompt's beginning only when asked. */
function defaults(target: Target): Record<string, unknown> {
  const url = target.model.provider?.api ?? target.connection.baseURL ?? "";
  if (packageOf(target) === "@ai-sdk/openai") return usesResponses(target, url) ? { store: false } : {};
  return packageOf(target) === "@ai-sdk/anthropic" && isHost(url, "anthropic.com") ? { cacheControl: { type: "ephemeral" } } : {};
}

function packageOf({ entry, model }: Target): string {
  return model.provider?.npm ?? entry.npm;
}

function settingsOf({ entry, connection, modelID, model, token }: Target): Settings {
  const baseURL = model.provider?.api ?? connection.baseURL;
  if (baseURL === undefined && entry.npm !== "codeport") {
    throw new AppError(
      "ConfigInvalidError",
      `Provider "${entry.id}" has no base URL. Set provider.${entry.id}.options.baseURL in the configuration.`,
      { path: `provider.${entry.id}.options.baseURL` },
    );
  }
  return {
    apiKey: connection.key ?? "",
    baseURL: baseURL ?? "",
    headers: { ...headersOf(entry.options), ...model.headers },
    modelID: model.id ?? modelID,
    ...(token && { fetch: withToken(token) }),
  };
}

/** A turn may outlast the token it began with. */
function withToken(token: () => Promise<string | undefined>): typeof fetch {
  return async (input, init) => {
    const headers = new Headers(init?.headers);
    const access = await token();
    if (access !== undefined) headers.set("authorization", `Bearer ${access}`);
    return fetch(input, { ...init, headers });
  };
}

/** The responses API is OpenAI's own; others mostly know chat completions. `options.protocol` ("responses", "chat") decides otherwise. */
function usesResponses({ entry }: Target, baseURL: string): boolean {
  if (entry.options.protocol === "responses") return true;
  return entry.options.protocol !== "chat" && isHost(baseURL, "openai.com");
}

function isHost(url: string, domain: string): boolean {
  if (!URL.canParse(url)) return false;
  const { hostname } = new URL(url);
  return hostname === domain || hostname.endsWith(`.${domain}`);
}

async function openai({ modelID, ...settings }: Settings, responses: boolean): Promise<LanguageModelV4> {
  const { createOpenAI } = await import("@ai-sdk/openai");
  const provider = createOpenAI(settings);
  return responses ? provider.responses(modelID) : provider.chat(modelID);
}

async function anthropic({ modelID, apiKey, ...settings }: Settings, bearer: boolean): Promise<LanguageModelV4> {
  const { createAnthropic } = await import("@ai-sdk/anthropic");
  return createAnthropic({ ...settings, ...(bearer ? { authToken: apiKey } : { apiKey }) })(modelID);
}

/** Usage is asked for in the stream: without it there is no cost. */
async function compatible({ modelID, apiKey, ...settings }: Settings, entry: Entry): Promise<LanguageModelV4> {
  const { createOpenAICompatible } = await import("@ai-sdk/openai-compatible");
  const key = apiKey === "" ? {} : { apiKey };
  return createOpenAICompatible({ ...settings, ...key, name: entry.id, includeUsage: true }).chatModel(modelID);
}
