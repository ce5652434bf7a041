import type { Auth, Provider } from "../schema/provider.ts";
import type { Entry } from "./entry.ts";

/** How a provider is reached right now. Holds the key: it stays inside the server. */
export interface Connection {
  source: Provider["source"];
  /** Undefined: there is none, which is fine for providers that ask for none. */
  key?: string;
  /** The key is an access token of a login, sent as `Authorization: Bearer`. */
  bearer: boolean;
  baseURL?: string;
  /** Has all it needs to be called. */
  ready: boolean;
}

/**
 * Key: `options.apiKey` of the configuration, else stored credentials, else the first environment variable named for the provider.
 * Base URL: the configuration, else OPENAI_BASE_URL or ANTHROPIC_BASE_URL, else what is known of the provider.
 */
export function connect(entry: Entry, env: NodeJS.ProcessEnv, auth: Auth | undefined): Connection {
  const stored = secretOf(auth);
  const named = entry.env.map((name) => env[name]).find((value) => value !== undefined && value !== "");
  const configured = text(entry.options.apiKey);
  const key = configured ?? stored?.key ?? named;
  const baseURL = entry.configuredURL ?? environmentURL(entry.id, env) ?? entry.knownURL ?? packageURL(entry.npm);
  const authorised = key !== undefined || !(needsKey(entry) || needsLogin(entry));
  return {
    source: entry.configured ? "config" : stored !== undefined ? "api" : named !== undefined ? "env" : "custom",
    key,
    bearer: configured === undefined && stored?.bearer === true,
    baseURL,
    ready: entry.id === "offline" || (authorised && baseURL !== undefined && Object.keys(entry.models).length > 0),
  };
}

/** A provider that names environment variables asks for a key, unless its headers already carry the authorization. */
export function needsKey(entry: Entry): boolean {
  return entry.env.length > 0 && !isAuthorised(entry);
}

/** A provider that one can log in at wants a login (or a key in its place), also where it names no variable. */
export function needsLogin(entry: Entry): boolean {
  return loginWays(entry).length > 0 && !isAuthorised(entry);
}

/** The ways to log in at a provider that its configuration is complete for. */
export function loginWays({ oauth }: Entry): ("browser" | "device")[] {
  if (oauth?.clientID === undefined || oauth.tokenURL === undefined) return [];
  return [
    ...(oauth.authorizationURL === undefined ? [] : (["browser"] as const)),
    ...(oauth.deviceURL === undefined ? [] : (["device"] as const)),
  ];
}

function isAuthorised({ options }: Entry): boolean {
  return Object.keys(headersOf(options)).some((name) => /^(authorization|x-api-key)$/i.test(name));
}

export function headersOf(options: Record<string, unknown>): Record<string, string> {
  const { headers } = options;
  if (typeof headers !== "object" || headers === null) return {};
  return Object.fromEntries(Object.entries(headers).filter((pair): pair is [string, string] => typeof pair[1] === "string"));
}

function secretOf(auth: Auth | undefined): { key: string; bearer: boolean } | undefined {
  if (auth?.type === "api") return { key: auth.key, bearer: false };
  return auth?.type === "oauth" ? { key: auth.access, bearer: true } : undefined;
}

/** The tools of Anthropic take ANTHROPIC_BASE_URL without `/v1`, those of OpenAI take OPENAI_BASE_URL with it. */
function environmentURL(id: string, env: NodeJS.ProcessEnv): string | undefined {
  if (id === "openai") return text(env.OPENAI_BASE_URL);
  const anthropic = id === "anthropic" ? text(env.ANTHROPIC_BASE_URL)?.replace(/\/+$/, "") : undefined;
  return anthropic === undefined || anthropic.endsWith("/v1") ? anthropic : `${anthropic}/v1`;
}

function packageURL(npm: string): string | undefined {
  if (npm === "@ai-sdk/openai") return "https://api.openai.com/v1";
  return npm === "@ai-sdk/anthropic" ? "https://api.anthropic.com/v1" : undefined;
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
