import type { ProviderOAuthConfig } from "../../schema/config.ts";
import { AppError } from "../../schema/error.ts";

/** What an authorization server gives out. `expires`: epoch milliseconds; 0 when it does not say. */
export interface Tokens {
  access: string;
  /** Empty when there is none. */
  refresh: string;
  expires: number;
}

/** Its answer to a request: tokens, or an error by its name in RFC 6749 and RFC 8628. */
export type TokenAnswer = { tokens: Tokens } | { error: string; description?: string };

/** Milliseconds for one request. */
const patience = 30_000;

/**
 * Asks the token endpoint, as a client without a secret unless one is configured. Throws ServiceUnavailableError when it cannot be reached or its
 * answer is none. Follows no redirect: what is sent is secret.
 */
export async function requestTokens(oauth: ProviderOAuthConfig, parameters: Record<string, string>): Promise<TokenAnswer> {
  const body = await post(oauth.tokenURL ?? "", { ...clientOf(oauth), ...parameters });
  if (typeof body.access_token === "string" && body.access_token !== "") return { tokens: tokensOf(body, parameters) };
  const description = typeof body.error_description === "string" ? body.error_description : undefined;
  if (typeof body.error === "string") return { error: body.error, description };
  throw unavailable(oauth.tokenURL ?? "", "its answer holds no token");
}

/** A form to an authorization server, and the JSON that comes back, also with an error's status. */
export async function post(url: string, form: Record<string, string>): Promise<Record<string, unknown>> {
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: { accept: "application/json" },
      body: new URLSearchParams(form),
      redirect: "error",
      signal: AbortSignal.timeout(patience),
    });
    const body: unknown = await response.json();
    if (typeof body === "object" && body !== null) return { ...body };
  } catch (error) {
    throw unavailable(url, error instanceof SyntaxError ? "its answer is no JSON" : "it cannot be reached", error);
  }
  throw unavailable(url, "its answer is no JSON object");
}

export function clientOf({ clientID = "", clientSecret }: ProviderOAuthConfig): Record<string, string> {
  return { client_id: clientID, ...(clientSecret !== undefined && { client_secret: clientSecret }) };
}

function tokensOf(body: Record<string, unknown>, { refresh_token: used = "" }: Record<string, string>): Tokens {
  const seconds = Number(body.expires_in);
  return {
    access: String(body.access_token),
    // A server that gives no new one leaves the old one good.
    refresh: typeof body.refresh_token === "string" ? body.refresh_token : used,
    expires: seconds > 0 ? Math.round(Date.now() + seconds * 1000) : 0,
  };
}

function unavailable(url: string, reason: string, cause?: unknown): AppError {
  const host = URL.canParse(url) ? new URL(url).host : url;
  return new AppError(
    "ServiceUnavailableError",
    `The authorization server at ${host} gave no token: ${reason}.`,
    { service: host },
    { cause },
  );
}
