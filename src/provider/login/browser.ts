import { createHash, randomBytes } from "node:crypto";
import { listenForCallback } from "../../callback/callback.ts";
import type { ProviderOAuthConfig } from "../../schema/config.ts";
import { AppError } from "../../schema/error.ts";
import type { Flow, FlowOptions } from "./flow.ts";
import { requestTokens } from "./token.ts";

const path = "/oauth/callback";

/**
 * A login in the browser: authorization code with PKCE (RFC 7636). The browser comes back to a listener on this machine; where `redirectURL` names
 * another place, or the browser runs on another machine, a person brings the code. Throws ConflictError when the listener's port is taken.
 */
export async function startBrowserFlow(options: FlowOptions): Promise<Flow> {
  const { oauth, providerID } = options;
  const state = randomBytes(32).toString("base64url");
  const verifier = randomBytes(32).toString("base64url");
  const finish = async (parameters: URLSearchParams) => {
    const code = codeOf(parameters, providerID);
    const answer = await requestTokens(oauth, {
      grant_type: "authorization_code",
      code,
      redirect_uri: redirectURL,
      code_verifier: verifier,
    });
    if ("error" in answer) throw refused(providerID, answer.description ?? answer.error);
    return answer.tokens;
  };
  const settle = async (parameters: URLSearchParams) => {
    try {
      await options.done(await finish(parameters));
    } catch (error) {
      options.failed(error);
      throw error;
    }
  };
  const listener = await openListener(oauth, { state, onCallback: settle });
  const redirectURL = oauth.redirectURL ?? `http://127.0.0.1:${listener?.port}${path}`;
  return {
    shown: {
      url: authorizationURL(oauth, { state, verifier, redirectURL }),
      method: listener === undefined ? "code" : "auto",
      instructions:
        listener === undefined
          ? "Log in at this address and give back the code it shows."
          : "Log in at this address. If the browser runs on another machine, give back the address it ends at.",
    },
    finish: (code) => settle(parametersOf(code, state)),
    [Symbol.asyncDispose]: async () => listener?.[Symbol.asyncDispose](),
  };
}

async function openListener(
  oauth: ProviderOAuthConfig,
  waiting: { state: string; onCallback(parameters: URLSearchParams): Promise<void> },
) {
  const configured = oauth.redirectURL === undefined ? undefined : new URL(oauth.redirectURL);
  if (configured && !(configured.protocol === "http:" && ["127.0.0.1", "localhost"].includes(configured.hostname))) return undefined;
  const port = configured === undefined ? 0 : Number(configured.port || 80);
  return listenForCallback({ ...waiting, path: configured?.pathname ?? path, port }).catch((cause) => {
    const message = `Port ${port}, to which the login comes back, is taken. Free it, or set another oauth.redirectURL.`;
    throw new AppError("ConflictError", message, { port }, { cause });
  });
}

function authorizationURL(oauth: ProviderOAuthConfig, given: { state: string; verifier: string; redirectURL: string }): string {
  const url = new URL(oauth.authorizationURL ?? "");
  const parameters = {
    ...oauth.parameters,
    response_type: "code",
    client_id: oauth.clientID ?? "",
    redirect_uri: given.redirectURL,
    state: given.state,
    code_challenge: createHash("sha256").update(given.verifier).digest("base64url"),
    code_challenge_method: "S256",
    ...(oauth.scopes && { scope: oauth.scopes.join(" ") }),
  };
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  return url.href;
}

/** A code by itself, with its state behind `#`, or the address with the code in it. */
function parametersOf(text: string, state: string): URLSearchParams {
  const code = text.trim();
  if (!/^https?:\/\//.test(code)) {
    const [plain = "", own] = code.split("#");
    return new URLSearchParams({ code: plain, ...(own !== undefined && requireState(own, state)) });
  }
  const parameters = URL.parse(code)?.searchParams ?? new URLSearchParams();
  requireState(parameters.get("state"), state);
  return parameters;
}

function requireState(given: string | null, state: string): { state: string } {
  if (given !== state) throw new AppError("BadRequest", "code: this address belongs to another login.", { field: "code" });
  return { state };
}

function codeOf(parameters: URLSearchParams, providerID: string): string {
  const code = parameters.get("code");
  if (code !== null && code !== "") return code;
  throw refused(providerID, parameters.get("error_description") ?? parameters.get("error") ?? "no code came back");
}

export function refused(providerID: string, reason: string): AppError {
  // The reason is another server's text.
  const told = reason.replace(/[^\x20-\x7e]/g, " ").slice(0, 300);
  return new AppError("ProviderAuthOauthCallbackFailed", `The login at "${providerID}" failed: ${told}. Start it again.`, { providerID });
}
