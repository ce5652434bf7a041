import type { McpRemoteConfig } from "../schema/config.ts";
import { AppError } from "../schema/error.ts";
import type { LoginStore } from "./logins.ts";
import { createOAuthProvider, staticClient } from "./oauth.ts";

/** What stands between a connection and its server: the token it shows, and what is done when it is refused. Never asks a person. */
export interface Guard {
  token(): Promise<string | undefined>;
  /** Gets a new token with the refresh token. Throws UnauthorizedError when only a person can go on; `data.registration` is false when not even that helps without a client id. */
  refused(response: Response): Promise<void>;
  /** What the server's last refusal said of where to log in and for what. */
  challenge(): Challenge;
}

export interface Challenge {
  resourceMetadataUrl?: URL;
  scope?: string;
}

export function createGuard(config: McpRemoteConfig, login: LoginStore): Guard {
  let challenge: Challenge = {};
  let shown: string | undefined;
  let refreshing: Promise<void> | undefined;

  async function refresh(): Promise<void> {
    const { tokens } = await login.get();
    // Somebody else has refreshed it since the refused request was written.
    if (tokens !== undefined && tokens.access_token !== shown) return;
    const { auth } = await import("@modelcontextprotocol/client");
    if (tokens?.refresh_token === undefined) throw await loginNeeded();
    const provider = createOAuthProvider({ config, login, redirect: () => Promise.reject(needed()) });
    await auth(provider, { serverUrl: config.url, ...challenge });
  }

  async function loginNeeded(): Promise<AppError> {
    const { discoverOAuthServerInfo } = await import("@modelcontextprotocol/client");
    const { authorizationServerMetadata } = await discoverOAuthServerInfo(config.url, challenge);
    const known = staticClient(config) ?? (await login.get()).client;
    const canRegister = authorizationServerMetadata === undefined || authorizationServerMetadata.registration_endpoint !== undefined;
    if (known !== undefined || canRegister) return needed();
    return new AppError(
      "UnauthorizedError",
      "It does not register clients by itself: put the clientId it gave you into its oauth settings.",
      {
        registration: false,
      },
    );
  }

  return {
    async token() {
      shown = (await login.get()).tokens?.access_token;
      return shown;
    },
    async refused(response) {
      const { extractWWWAuthenticateParams } = await import("@modelcontextprotocol/client");
      const { resourceMetadataUrl, scope } = extractWWWAuthenticateParams(response);
      challenge = { resourceMetadataUrl, scope };
      refreshing ??= refresh().finally(() => {
        refreshing = undefined;
      });
      await refreshing;
    },
    challenge: () => challenge,
  };
}

function needed(): AppError {
  return new AppError("UnauthorizedError", "It needs a login.");
}
