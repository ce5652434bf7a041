import type { ProviderOAuthConfig } from "../../schema/config.ts";
import type { ProviderAuthAuthorization } from "../../schema/provider.ts";
import type { Tokens } from "./token.ts";

/** A login that a person is making. */
export interface Flow extends AsyncDisposable {
  shown: ProviderAuthAuthorization;
  /** Ends it with a code, or with the address the browser was sent back to. Throws BadRequest and ProviderAuthOauthCallbackFailed. */
  finish(code: string): Promise<void>;
}

export interface FlowOptions {
  providerID: string;
  oauth: ProviderOAuthConfig;
  /** Takes the tokens. */
  done(tokens: Tokens): Promise<void>;
  failed(error: unknown): void;
  /** Waits between two questions; rejects when the signal aborts. */
  wait?(milliseconds: number, signal: AbortSignal): Promise<void>;
}
