import type { ProviderOAuthConfig } from "../schema/config.ts";
import { AppError } from "../schema/error.ts";
import type { ProviderAuthAuthorization } from "../schema/provider.ts";
import type { Credentials, StoredAuth } from "./credentials.ts";
import type { Flow, FlowOptions } from "./login/flow.ts";

/** Logging in at providers, and keeping the logins fresh: one for all directories, since credentials are. */
export interface ProviderLogins extends AsyncDisposable {
  /** Begins a login, and gives up one that is under way there. Throws ServiceUnavailableError, ConflictError, ProviderAuthOauthCallbackFailed. */
  authorize(place: LoginPlace, way: "browser" | "device"): Promise<ProviderAuthAuthorization>;
  /**
   * Waits until the login under way has ended, with the code if one is given. Throws ProviderAuthOauthMissing when none is under way,
   * ProviderAuthOauthCodeMissing when only a code can end it, ProviderAuthOauthCallbackFailed.
   */
  callback(providerID: string, code: string | undefined, signal?: AbortSignal): Promise<void>;
  /** The access token of a stored login, renewed when it is due: once for all who ask at the same time. Throws ProviderAuthError when only a new login helps. */
  access(place: LoginPlace): Promise<string | undefined>;
}

export interface LoginPlace {
  providerID: string;
  oauth: ProviderOAuthConfig;
}

interface Login {
  flow: Flow;
  ended: Promise<void>;
  fail(error: unknown): void;
}

/** Milliseconds for a person, and before its end at which a token is renewed. */
const patience = 10 * 60_000;
const margin = 60_000;

export function createProviderLogins(credentials: Credentials, { wait }: Pick<FlowOptions, "wait"> = {}): ProviderLogins {
  const logins = new Map<string, Login>();
  const renewals = new Map<string, Promise<string>>();

  async function giveUp(providerID: string): Promise<void> {
    const login = logins.get(providerID);
    logins.delete(providerID);
    login?.fail(new AppError("ProviderAuthOauthCallbackFailed", `The login at "${providerID}" was given up.`, { providerID }));
    await login?.flow[Symbol.asyncDispose]();
  }

  async function authorize(place: LoginPlace, way: "browser" | "device"): Promise<ProviderAuthAuthorization> {
    const { providerID, oauth } = place;
    await giveUp(providerID);
    const { promise: ended, resolve, reject } = Promise.withResolvers<void>();
    const done: FlowOptions["done"] = async (tokens) => {
      await credentials.set(providerID, { type: "oauth", ...tokens }, oauth.tokenURL);
      resolve();
    };
    const flow = await startFlow({ ...place, wait, done, failed: reject }, way);
    const login = { flow, ended, fail: reject };
    logins.set(providerID, login);
    const timer = setTimeout(() => logins.get(providerID) === login && void giveUp(providerID), patience).unref();
    const over = async () => {
      clearTimeout(timer);
      await flow[Symbol.asyncDispose]();
    };
    ended.then(over, over);
    return flow.shown;
  }

  async function renew({ providerID, oauth }: LoginPlace, before: StoredAuth & { type: "oauth" }): Promise<string> {
    const { requestTokens } = await import("./login/token.ts");
    const answer = await requestTokens(oauth, { grant_type: "refresh_token", refresh_token: before.refresh });
    const stored = await credentials.get(providerID);
    const current = stored?.type === "oauth" ? stored : undefined;
    if ("error" in answer) {
      // Another server that shares the file was faster, and the refresh token counts once.
      if (current !== undefined && current.refresh !== before.refresh && !isDue(current)) return current.access;
      throw loginNeeded(providerID, "it could not be renewed");
    }
    // A login that was removed or replaced meanwhile stays so.
    if (current?.refresh === before.refresh) await credentials.set(providerID, { ...current, ...answer.tokens }, oauth.tokenURL);
    return answer.tokens.access;
  }

  return {
    authorize,
    async callback(providerID, code, signal) {
      const login = logins.get(providerID);
      if (login === undefined) throw missing(providerID);
      if (code === undefined && login.flow.shown.method === "code") throw codeMissing(providerID);
      // How it ended is told once.
      const told = () => logins.get(providerID) === login && logins.delete(providerID);
      login.ended.then(told, told);
      if (code !== undefined) await login.flow.finish(code);
      await untilAborted(login.ended, signal);
    },
    async access(place) {
      const auth = await credentials.get(place.providerID);
      if (auth?.type !== "oauth") return undefined;
      if (!isDue(auth)) return auth.access;
      requireRenewable(place, auth);
      const renewal = renewals.get(place.providerID) ?? renew(place, auth).finally(() => renewals.delete(place.providerID));
      renewals.set(place.providerID, renewal);
      return renewal;
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([...logins.keys()].map(giveUp));
    },
  };
}

async function startFlow(options: FlowOptions, way: "browser" | "device"): Promise<Flow> {
  if (way === "browser") return (await import("./login/browser.ts")).startBrowserFlow(options);
  return (await import("./login/device.ts")).startDeviceFlow(options);
}

/** 0: nobody said when it ends. */
function isDue({ expires }: { expires: number }): boolean {
  return expires > 0 && expires - margin <= Date.now();
}

/** A refresh token goes to nobody but the server it came from, whatever a project's configuration says meanwhile. */
function requireRenewable({ providerID, oauth }: LoginPlace, { refresh, issuer }: { refresh: string; issuer?: string }): void {
  if (refresh === "" || oauth.tokenURL === undefined) throw loginNeeded(providerID, "it has expired");
  if (issuer !== undefined && issuer !== oauth.tokenURL) throw loginNeeded(providerID, "it came from another authorization server");
}

function loginNeeded(providerID: string, reason: string): AppError {
  return new AppError("ProviderAuthError", `The login at "${providerID}" no longer counts: ${reason}. Log in again.`, { providerID });
}

function missing(providerID: string): AppError {
  const message = `No login at "${providerID}" is under way. Start one with POST /provider/${encodeURIComponent(providerID)}/oauth/authorize.`;
  return new AppError("ProviderAuthOauthMissing", message, { providerID });
}

function codeMissing(providerID: string): AppError {
  const message = `code: the login at "${providerID}" ends with the code that was shown after it.`;
  return new AppError("ProviderAuthOauthCodeMissing", message, { providerID, field: "code" });
}

/** Resolves as the promise does; rejects when nobody waits any more. */
async function untilAborted(promise: Promise<void>, signal: AbortSignal | undefined): Promise<void> {
  if (signal === undefined) return promise;
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const stop = () => reject(signal.reason);
  signal.addEventListener("abort", stop, { once: true });
  try {
    signal.throwIfAborted();
    await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}
