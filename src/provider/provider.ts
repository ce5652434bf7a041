import type { LanguageModelV4 } from "@ai-sdk/provider";
import type { Config } from "../schema/config.ts";
import { AppError } from "../schema/error.ts";
import type { ModelRef } from "../schema/message.ts";
import { parseModel } from "../schema/prompt.ts";
import type { Model, Provider, ProviderAuthAuthorization, ProviderAuthMethod } from "../schema/provider.ts";
import type { ProviderKey, ProviderTest } from "../schema/provider-key.ts";
import { loginMethods } from "./auth-methods.ts";
import { loadCatalogue, type ModelEntry } from "./catalogue.ts";
import { type Connection, connect, needsKey, needsLogin } from "./connection.ts";
import type { Credentials } from "./credentials.ts";
import { allowed, type Entry, mergeEntries } from "./entry.ts";
import { keysOf } from "./keys.ts";
import { createLanguage, providerOptions } from "./language.ts";
import { discoverLocal, type LocalProviders, localCandidates, rememberLocal } from "./local.ts";
import type { ProviderLogins } from "./logins.ts";
import { toModel, toProvider } from "./model.ts";
import { suggest } from "./suggest.ts";
import { tryModel } from "./trial.ts";

export { type Cassette, type CassetteChoice, openCassette } from "./cassette.ts";
export { type Credentials, openCredentials } from "./credentials.ts";
export { discoverLocal, type LocalProviders, rememberLocal } from "./local.ts";
export { createProviderLogins, type ProviderLogins } from "./logins.ts";
export { price } from "./price.ts";

/** The providers of one directory: which there are, which can be used, and a model ready to be called. */
export interface ProviderService {
  /**
   * `all`: every provider known (catalogue, config, local endpoints found, offline); `connected`: ids of those with what they
   * need to be called; `default`: each provider's preferred model. Keys are never in it.
   */
  list(): Promise<{ all: Provider[]; default: Record<string, string>; connected: string[] }>;
  /** A model ready to be called. Throws AppError ProviderModelNotFoundError (with the known ones nearest to it), ProviderAuthError (no key: says which variable to set). */
  model(ref: ModelRef): Promise<ResolvedModel>;
  /** Throws ProviderModelNotFoundError for a model that is not known; whether it can be called is another matter. */
  known(ref: ModelRef): Promise<void>;
  /** The configured model, else the first connected provider's default, else the offline one. */
  defaultModel(): Promise<ModelRef>;
  /** A cheap model of the same provider for titles and summaries; `small_model` of the config wins. Undefined when there is none. */
  smallModel(providerID: string): Promise<ModelRef | undefined>;
  /** The keys and logins there are, masked, the ones that are sent first. */
  keys(): Promise<ProviderKey[]>;
  /**
   * Asks a model of the provider (a cheap one unless told) for a word, with the key if one is given, which is not kept. Throws NotFoundError for an unknown
   * provider, ProviderModelNotFoundError, ProviderAuthError where there is no key, ServiceUnavailableError where nobody is to be called.
   */
  test(trial: { providerID: string; modelID?: string; key?: string }, signal?: AbortSignal): Promise<ProviderTest>;
  /** The ways to log in, of the providers that have some. */
  authMethods(): Promise<Record<string, ProviderAuthMethod[]>>;
  /** Begins a login by one of the provider's ways, named by its place. Throws NotFoundError, BadRequest, and what ProviderLogins does. */
  authorize(providerID: string, method: number): Promise<ProviderAuthAuthorization>;
  /** Waits for the end of a login, or ends it with a code. Throws as `authorize`. */
  finishLogin(login: { providerID: string; method: number; code?: string }, signal?: AbortSignal): Promise<void>;
}

export interface ResolvedModel {
  info: Model;
  language: LanguageModelV4;
  /** Options for the AI SDK call, keyed by provider. */
  providerOptions: Record<string, Record<string, unknown>>;
  /** What the configuration says of how long a call may take. */
  patience: { idle?: number | false; first?: number | false; whole?: number | false };
}

export interface ProviderSources {
  config: Config;
  env: NodeJS.ProcessEnv;
  credentials: Credentials;
  logins: ProviderLogins;
  /** A file of the user's that changes or adds to what is known of models and their prices. */
  catalogue?: string;
  /** Nobody is to be called: keys are not asked for. */
  keyless?: boolean;
  /** Finds local model servers; by default those on the usual ports, remembered for a minute. */
  fetchLocal?: () => Promise<LocalProviders>;
}

interface Known {
  entry: Entry;
  connection: Connection;
}

/** The providers that a configuration, an environment and stored credentials make up. Credentials are read anew at each call, the rest is fixed. */
export function createProviders({ config, env, credentials, logins, catalogue, keyless, fetchLocal }: ProviderSources): ProviderService {
  const findLocal = fetchLocal ?? rememberLocal(() => discoverLocal({ candidates: candidatesFor(config) }));
  const known = async (): Promise<Known[]> => {
    const [entries, local, stored] = await Promise.all([loadCatalogue(catalogue), findLocal(), credentials.list()]);
    return mergeEntries(entries, config, local).map((entry) => ({ entry, connection: connect(entry, env, stored[entry.id]) }));
  };
  return {
    list: async () => describe(await known()),
    model: async (ref) => resolve(ref, await known(), { keyless, logins }),
    known: async (ref) => {
      find(ref, await known());
    },
    keys: async () =>
      keysOf(
        (await known()).map(({ entry }) => entry),
        { env, stored: await credentials.list() },
      ),
    async test({ providerID, modelID, key }, signal) {
      if (keyless) throw new AppError("ServiceUnavailableError", "No provider is called while a recording is replayed.");
      const all = withKey(await known(), { providerID, key, env });
      const ref = { providerID, modelID: modelID ?? cheapest(all, providerID) };
      const { language } = await resolve(ref, all, { logins });
      return tryModel(language, { ref, key, signal });
    },
    defaultModel: async () => parseModel(config.model) ?? firstModel(await known()),
    authMethods: async () => {
      const methods = (await known()).map(({ entry }) => [entry.id, loginMethods(entry).map(({ shown }) => shown)] as const);
      return Object.fromEntries(methods.filter(([, list]) => list.length > 0));
    },
    async authorize(providerID, method) {
      const { entry, way } = loginWay(await known(), providerID, method);
      return logins.authorize({ providerID, oauth: entry.oauth ?? {} }, way);
    },
    async finishLogin({ providerID, method, code }, signal) {
      loginWay(await known(), providerID, method);
      await logins.callback(providerID, code, signal);
    },
    smallModel: async (providerID) => parseModel(config.small_model) ?? small(await known(), providerID),
  };
}

/** Whether this is the command model that answers without any provider. */
export function isOffline(ref: Pick<ModelRef, "providerID">): boolean {
  return ref.providerID === "offline";
}

/** A local server whose models the configuration already names, or a provider it rules out, is not asked. */
function candidatesFor(config: Config) {
  const named = Object.entries(config.provider ?? {}).filter(([, provider]) => Object.keys(provider.models ?? {}).length > 0);
  const urls = named.map(([, provider]) => provider.options?.baseURL ?? provider.api ?? "").filter((url) => URL.canParse(url));
  const taken = new Set([...named.map(([id]) => id), ...urls.map((url) => new URL(url).host.replace("localhost", "127.0.0.1"))]);
  return localCandidates.filter(({ id, baseURL }) => allowed(id, config) && !taken.has(id) && !taken.has(new URL(baseURL).host));
}

function describe(known: Known[]) {
  const defaults = known.map(({ entry }) => [entry.id, preferred(entry)] as const);
  return {
    all: known.map(({ entry, connection }) => toProvider(entry, connection)),
    default: Object.fromEntries(defaults.filter((pair): pair is [string, string] => pair[1] !== undefined)),
    connected: known.filter(({ connection }) => connection.ready).map(({ entry }) => entry.id),
  };
}

function preferred(entry: Entry): string | undefined {
  const current = Object.entries(entry.models).find(([, model]) => model.status !== "deprecated");
  return current?.[0] ?? Object.keys(entry.models)[0];
}

async function resolve(
  ref: ModelRef,
  known: Known[],
  { keyless = false, logins }: Pick<ProviderSources, "keyless" | "logins">,
): Promise<ResolvedModel> {
  const { entry, connection, model } = find(ref, known);
  if (connection.key === undefined && (needsKey(entry) || needsLogin(entry)) && !keyless) throw noKey(entry);
  const token = () => logins.access({ providerID: entry.id, oauth: entry.oauth ?? {} });
  // A login that ended is told before the turn begins.
  if (connection.bearer) await token();
  const target = { entry, connection, modelID: ref.modelID, model, token: connection.bearer ? token : undefined };
  return {
    info: toModel(entry, connection, { id: ref.modelID, model }),
    language: await createLanguage(target),
    providerOptions: providerOptions(target, ref.variant),
    patience: patience(entry.options),
  };
}

/** The configuration's words are those of the reference: `chunkTimeout`, `headerTimeout` and `timeout`, in milliseconds or false. */
function patience({ chunkTimeout, headerTimeout, timeout }: Record<string, unknown>): ResolvedModel["patience"] {
  const limit = (value: unknown) => (typeof value === "number" || value === false ? value : undefined);
  return { idle: limit(chunkTimeout), first: limit(headerTimeout), whole: limit(timeout) };
}

/** The provider and the way to log in that a client names. */
function loginWay(known: Known[], providerID: string, method: number): { entry: Entry; way: "browser" | "device" } {
  const entry = known.find((candidate) => candidate.entry.id === providerID)?.entry;
  if (entry === undefined) throw unknownProvider(known, providerID);
  const ways = loginMethods(entry).map(({ way }) => way);
  const way = ways[method];
  if (way === "browser" || way === "device") return { entry, way };
  const reason = way === "key" ? "is a key, to be stored with PUT /auth" : `does not exist; there are ${ways.length}`;
  throw new AppError("BadRequest", `method: number ${method} of "${providerID}" ${reason}. GET /provider/auth lists them.`, {
    field: "method",
    providerID,
  });
}

function find(ref: ModelRef, known: Known[]): Known & { model: ModelEntry } {
  const found = known.find(({ entry }) => entry.id === ref.providerID);
  // A name may be one that every object has: `valueOf`.
  const model = found && Object.hasOwn(found.entry.models, ref.modelID) ? found.entry.models[ref.modelID] : undefined;
  if (found === undefined || model === undefined) throw notFound(ref, known);
  return { ...found, model };
}

function notFound(ref: ModelRef, known: Known[]): AppError {
  const names = known.flatMap(({ entry }) => Object.keys(entry.models).map((id) => `${entry.id}/${id}`));
  const suggestions = suggest(ref, names);
  const near = suggestions.length === 0 ? "" : ` Did you mean ${suggestions.join(", ")}?`;
  const providers = known.map(({ entry }) => entry.id).join(", ");
  const models = Object.keys(known.find(({ entry }) => entry.id === ref.providerID)?.entry.models ?? {});
  const own =
    models.length === 0 ? "" : ` Models of ${ref.providerID}: ${models.slice(0, 20).join(", ")}${models.length > 20 ? ", …" : ""}.`;
  const message = `There is no model "${ref.providerID}/${ref.modelID}".${near}${own} Known providers: ${providers}. A model that is not listed can be added under provider.${ref.providerID}.models in the configuration.`;
  return new AppError("ProviderModelNotFoundError", message, { providerID: ref.providerID, modelID: ref.modelID, suggestions });
}

/** What would help at a provider that cannot be called as it is. */
function noKey(entry: Entry): AppError {
  const { id: providerID, env } = entry;
  const login = needsLogin(entry) ? [`log in with "codeport auth login ${providerID}" or in the settings of the web interface`] : [];
  const key = needsKey(entry) ? [`set ${env.join(" or ")}, or provider.${providerID}.options.apiKey in opencode.json`] : [];
  const help = [...login, ...key].join(", or ");
  const message = `Provider "${providerID}" has no ${needsKey(entry) ? "key" : "login"}. ${help.charAt(0).toUpperCase()}${help.slice(1)}.`;
  return new AppError("ProviderAuthError", message, { providerID });
}

/** The provider as if the key were configured; all as they are without one. */
function withKey(known: Known[], { providerID, key, env }: { providerID: string; key?: string; env: NodeJS.ProcessEnv }): Known[] {
  if (key === undefined) return known;
  return known.map((one) => {
    if (one.entry.id !== providerID) return one;
    const entry = { ...one.entry, options: { ...one.entry.options, apiKey: key } };
    return { entry, connection: connect(entry, env, undefined) };
  });
}

function cheapest(known: Known[], providerID: string): string {
  const entry = known.find((one) => one.entry.id === providerID)?.entry;
  if (entry === undefined) throw unknownProvider(known, providerID);
  const modelID = small(known, providerID)?.modelID ?? preferred(entry);
  if (modelID === undefined) throw notFound({ providerID, modelID: "" }, known);
  return modelID;
}

function unknownProvider(known: Known[], providerID: string): AppError {
  const names = known.map(({ entry }) => entry.id).join(", ");
  return new AppError("NotFoundError", `There is no provider "${providerID}". Known are: ${names}.`, { providerID });
}

/** Connected providers stand in the order of preference, offline last. */
function firstModel(known: Known[]): ModelRef {
  for (const { entry, connection } of known) {
    const modelID = preferred(entry);
    if (connection.ready && modelID !== undefined) return { providerID: entry.id, modelID };
  }
  const message =
    "No provider is connected and the offline one is disabled. Set OPENAI_API_KEY or ANTHROPIC_API_KEY, or add a provider to opencode.json.";
  throw new AppError("ProviderModelNotFoundError", message, { providerID: "", modelID: "", suggestions: [] });
}

/** Only at the provider's own address: another server under its name need not have the small model. */
function small(known: Known[], providerID: string): ModelRef | undefined {
  const found = known.find(({ entry }) => entry.id === providerID);
  if (found === undefined || !found.connection.ready) return undefined;
  if (isOffline({ providerID })) return { providerID, modelID: "guide" };
  const { entry, connection } = found;
  const own = connection.baseURL === entry.knownURL && entry.small !== undefined && entry.small in entry.models;
  return own && entry.small !== undefined ? { providerID, modelID: entry.small } : undefined;
}
