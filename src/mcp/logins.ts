import type { OAuthDiscoveryState, StoredOAuthClientInformation, StoredOAuthTokens } from "@modelcontextprotocol/client";
import { openPrivateFile } from "../file-store/file-store.ts";

/** What is known of one login: never told to a client, and never logged. */
export interface Login {
  tokens?: StoredOAuthTokens;
  /** This program as the authorization server knows it, when it registered by itself. */
  client?: StoredOAuthClientInformation;
  /** Of whom the first tokens came: a client that the user registered by hand is shown to nobody else from then on. */
  issuer?: string;
  /** Where that client lets its users be sent back to. */
  redirectUrl?: string;
  /** Of a login under way: what proves that the code was asked for here (PKCE), and whom it was asked of. */
  verifier?: string;
  discovery?: OAuthDiscoveryState;
}

export interface LoginStore {
  get(): Promise<Login>;
  /** Undefined values are removed. */
  update(change: Partial<Login>): Promise<void>;
  remove(): Promise<void>;
}

/** The logins of this installation. One is named by the server's name and its address, so that a token never goes to another address. */
export type Logins = (server: { name: string; url: string }) => LoginStore;

/**
 * Logins in one JSON file of mode 0600. Each write replaces the file as a whole. Methods throw AppError ConfigInvalidError when the file
 * is not JSON; the message names the file, never its content.
 */
export function openLogins(file: string): Logins {
  const stored = openPrivateFile(file);
  return ({ name, url }) => {
    const key = `${name} ${url}`;
    return {
      get: async () => loginOf(await stored.read(), key),
      async update(update) {
        await stored.change((content) => ({ ...content, [key]: { ...loginOf(content, key), ...update } }));
      },
      async remove() {
        await stored.change(({ [key]: _removed, ...others }) => others);
      },
    };
  };
}

function loginOf(content: Record<string, unknown>, key: string): Login {
  const login = content[key];
  return typeof login === "object" && login !== null ? login : {};
}
