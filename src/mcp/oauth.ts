import type { OAuthClientInformationMixed, OAuthClientProvider } from "@modelcontextprotocol/client";
import type { McpOAuthConfig, McpRemoteConfig } from "../schema/config.ts";
import { AppError } from "../schema/error.ts";
import type { LoginStore } from "./logins.ts";

export interface ProviderOptions {
  config: McpRemoteConfig;
  login: LoginStore;
  /** Handed the address at which a person logs in. */
  redirect(url: URL): void | Promise<void>;
  /** Of a login that a person makes. Without it nothing is registered: a token may be refreshed, and that is all. */
  person?: { redirectUrl: string; state: string };
}

/** Where a person is sent back to when nothing is configured and no login is under way. Never used, but a provider without one is taken for a machine's. */
const nowhere = "http://127.0.0.1/";

/** The library's view of a stored login: it reads and writes through this and knows no file. */
export function createOAuthProvider({ config, login, redirect, person }: ProviderOptions): OAuthClientProvider {
  const redirectUrl = person?.redirectUrl ?? nowhere;
  const { scope } = settings(config);
  const provider: OAuthClientProvider = {
    redirectUrl,
    clientMetadata: {
      client_name: "Codeport",
      redirect_uris: [redirectUrl],
      grant_types: ["authorization_code", "refresh_token"],
      response_types: ["code"],
      token_endpoint_auth_method: settings(config).clientSecret === undefined ? "none" : "client_secret_post",
      ...(scope !== undefined && { scope }),
    },
    async clientInformation(context) {
      const { client, issuer = context?.issuer } = await login.get();
      const known = staticClient(config);
      return known ? { ...known, issuer } : client;
    },
    tokens: async () => (await login.get()).tokens,
    saveTokens: (tokens) => login.update({ tokens, issuer: tokens.issuer }),
    redirectToAuthorization: redirect,
    saveCodeVerifier: (verifier) => (person ? login.update({ verifier }) : undefined),
    async codeVerifier() {
      const { verifier } = await login.get();
      if (verifier === undefined) throw new AppError("BadRequest", "No login is under way.");
      return verifier;
    },
    saveDiscoveryState: (discovery) => login.update({ discovery }),
    discoveryState: async () => (await login.get()).discovery,
    invalidateCredentials: (kind) => login.update(forgotten[kind]),
  };
  if (!person) return provider;
  return {
    ...provider,
    state: () => person.state,
    // What a new login comes to says nothing of the tokens of the old one.
    invalidateCredentials: (kind) => (kind === "tokens" ? undefined : login.update(forgotten[kind])),
    saveClientInformation: (client) => (staticClient(config) ? undefined : login.update({ client, redirectUrl })),
  };
}

const forgotten = {
  client: { client: undefined, redirectUrl: undefined },
  tokens: { tokens: undefined },
  verifier: { verifier: undefined },
  discovery: { discovery: undefined },
  all: { issuer: undefined, client: undefined, redirectUrl: undefined, tokens: undefined, verifier: undefined, discovery: undefined },
};

export function settings({ oauth }: McpRemoteConfig): McpOAuthConfig {
  return oauth === false || oauth === undefined ? {} : oauth;
}

/** The client that the user registered by hand. */
export function staticClient(config: McpRemoteConfig): OAuthClientInformationMixed | undefined {
  const { clientId, clientSecret } = settings(config);
  if (clientId === undefined) return undefined;
  return { client_id: clientId, ...(clientSecret !== undefined && { client_secret: clientSecret }) };
}
