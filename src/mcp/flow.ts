import { randomBytes } from "node:crypto";
import { listenForCallback } from "../callback/callback.ts";
import type { McpRemoteConfig } from "../schema/config.ts";
import { AppError } from "../schema/error.ts";
import { reasonOf } from "./failure.ts";
import type { Challenge } from "./guard.ts";
import type { LoginStore } from "./logins.ts";
import { createOAuthProvider, settings, staticClient } from "./oauth.ts";

/** A login that a person is making in a browser. */
export interface Flow extends AsyncDisposable {
  authorizationUrl: string;
  state: string;
  /** Resolves when the tokens are stored; rejects with AppError when that failed, was given up, or took too long. */
  done: Promise<void>;
  /** Exchanges a code, or the whole address that the browser was sent back to, for tokens. Throws BadRequest when it is refused. */
  finish(code: string): Promise<void>;
}

export interface FlowOptions {
  name: string;
  config: McpRemoteConfig;
  login: LoginStore;
  challenge: Challenge;
  /** Milliseconds for the person. */
  timeout: number;
  /** Ends what is being asked of the authorization server; its reason is then what is thrown. */
  signal: AbortSignal;
}

/** Milliseconds for one answer of the authorization server. */
const answerTime = 30_000;

const callbackPath = "/mcp/oauth/callback";

/**
 * Starts a login: authorization code with PKCE, at a client that is registered on the way unless one is configured or known. The browser
 * comes back to a listener on this machine, unless `redirectUri` names another one. Throws McpUnsupportedOAuthError when the server offers no login.
 */
export async function startFlow(options: FlowOptions): Promise<Flow> {
  const { name, login } = options;
  const state = randomBytes(32).toString("base64url");
  const { promise: done, resolve, reject } = Promise.withResolvers<void>();
  done.catch(() => {});
  const fail = (message: string) => reject(new AppError("BadRequest", message, { server: name }));
  const exchange = async (parameters: URLSearchParams) => {
    try {
      await redeem(options, { parameters, redirectUrl, state });
      resolve();
    } catch (error) {
      reject(error);
      throw error;
    }
  };
  await login.update({ discovery: undefined, verifier: undefined });
  const listener = await openListener(options, { state, onCallback: exchange });
  const redirectUrl = await redirectOf(options, listener?.port);
  const timer = setTimeout(() => fail(`Nobody finished the login of "${name}" within ${options.timeout / 1000} s.`), options.timeout);
  timer.unref();
  const dispose = async () => {
    clearTimeout(timer);
    fail(`The login of "${name}" was given up.`);
    await listener?.[Symbol.asyncDispose]();
  };
  try {
    const authorizationUrl = await authorize(options, { redirectUrl, state });
    return { authorizationUrl, state, done, finish: (code) => exchange(parametersOf(code, state)), [Symbol.asyncDispose]: dispose };
  } catch (error) {
    await dispose();
    throw error;
  }
}

/** Only an address on this machine can be listened at; one elsewhere is somebody else's, who brings the code. */
async function openListener(
  { config, login }: FlowOptions,
  waiting: { state: string; onCallback(parameters: URLSearchParams): Promise<void> },
) {
  const { redirectUri, callbackPort } = settings(config);
  const configured = redirectUri === undefined ? undefined : new URL(redirectUri);
  if (configured && !isLoopback(configured) && callbackPort === undefined) return undefined;
  const path = configured?.pathname ?? callbackPath;
  const fixed = callbackPort ?? (configured && Number(configured.port || 80));
  if (fixed !== undefined) return listenForCallback({ ...waiting, path, port: fixed }).catch((error) => portTaken(fixed, error));
  // The place a registration names is worth having again: many servers compare it letter by letter.
  const { redirectUrl } = await login.get();
  const known = redirectUrl === undefined ? 0 : Number(new URL(redirectUrl).port);
  return listenForCallback({ ...waiting, path, port: known }).catch(() => listenForCallback({ ...waiting, path, port: 0 }));
}

function portTaken(port: number, cause: unknown): never {
  throw new AppError(
    "ConflictError",
    `Port ${port}, to which the login comes back, is taken. Free it, or set another callbackPort.`,
    { port },
    { cause },
  );
}

/** Where the browser comes back to. A client that was registered for another place is registered anew. */
async function redirectOf({ config, login }: FlowOptions, port: number | undefined): Promise<string> {
  const redirectUrl = settings(config).redirectUri ?? `http://127.0.0.1:${port}${callbackPath}`;
  const known = await login.get();
  if (known.client !== undefined && known.redirectUrl !== redirectUrl) await login.update({ client: undefined, redirectUrl: undefined });
  return redirectUrl;
}

type Person = { redirectUrl: string; state: string };

/** The SDK waits for an answer as long as the connection lives. */
function boundedFetch(signal: AbortSignal): typeof fetch {
  return (url, init) => fetch(url, { ...init, signal: AbortSignal.any([signal, AbortSignal.timeout(answerTime)]) });
}

async function authorize({ name, config, login, challenge, signal }: FlowOptions, person: Person): Promise<string> {
  const { auth } = await import("@modelcontextprotocol/client");
  let authorizationUrl = "";
  const redirect = (url: URL) => {
    authorizationUrl = url.href;
  };
  const provider = createOAuthProvider({ config, login, redirect, person });
  const { scope = challenge.scope } = settings(config);
  try {
    await auth(provider, { serverUrl: config.url, ...challenge, scope, forceReauthorization: true, fetchFn: boundedFetch(signal) });
  } catch (cause) {
    signal.throwIfAborted();
    const way = staticClient(config) ? "" : " If it gave you a client id, set it as oauth.clientId.";
    const reason = `The MCP server "${name}" could not be asked for a login. ${reasonOf(cause, { timeout: answerTime })}${way}`;
    throw new AppError("McpUnsupportedOAuthError", reason, { server: name, error: reason }, { cause });
  }
  return authorizationUrl;
}

async function redeem(
  { name, config, login, signal }: FlowOptions,
  { parameters, ...person }: Person & { parameters: URLSearchParams },
): Promise<void> {
  const { auth } = await import("@modelcontextprotocol/client");
  const code = parameters.get("code");
  const refused = (reason: string, cause?: unknown) =>
    new AppError("BadRequest", `The login of "${name}" failed. ${reason}`, { server: name, field: "code" }, { cause });
  if (code === null) throw refused("The authorization server sent no code back.");
  const redirect = () => Promise.reject(refused("The code was not taken. Start the login again."));
  const provider = createOAuthProvider({ config, login, redirect, person });
  const iss = parameters.get("iss") ?? undefined;
  await auth(provider, { serverUrl: config.url, authorizationCode: code, iss, fetchFn: boundedFetch(signal) }).catch((error) => {
    signal.throwIfAborted();
    throw error instanceof AppError ? error : refused(reasonOf(error, { timeout: answerTime }), error);
  });
  await login.update({ verifier: undefined });
}

/** A code by itself, or the address with the code in it, which is what a person can copy. */
function parametersOf(code: string, state: string): URLSearchParams {
  if (!/^https?:\/\//.test(code)) return new URLSearchParams({ code });
  const parameters = URL.parse(code)?.searchParams ?? new URLSearchParams();
  if (parameters.get("state") !== state)
    throw new AppError("BadRequest", "code: this address belongs to another login.", { field: "code" });
  return parameters;
}

function isLoopback({ protocol, hostname }: URL): boolean {
  return protocol === "http:" && (hostname === "127.0.0.1" || hostname === "localhost");
}
