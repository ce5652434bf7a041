import { createHash, randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import type { ProviderOAuthConfig } from "../../src/schema/config.ts";

/** A small authorization server: codes that need their PKCE verifier and redirect address, device codes, refresh tokens that count once. */
export interface AuthorizationServer extends AsyncDisposable {
  origin: string;
  /** How a provider's configuration names it. */
  oauth: ProviderOAuthConfig;
  /** What it did, in order: `code`, `refresh`, `device`, and the errors it answered with. */
  log: string[];
  /** Access tokens that count now. */
  access: Set<string>;
  /** Seconds that tokens given out from now on count for. */
  lifetime(seconds: number): void;
  /** The device flow's next answers, by name; when they are used up, tokens. */
  device(...answers: ("authorization_pending" | "slow_down" | "access_denied" | "expired_token")[]): void;
  /** No refresh token counts any more. */
  revoke(): void;
}

interface Grant {
  redirect: string;
  challenge: string;
}

interface State {
  log: string[];
  access: Set<string>;
  refresh: Set<string>;
  codes: Map<string, Grant>;
  devices: Set<string>;
  pending: string[];
  lifetime: number;
}

const client = "codeport-test";

export async function authorizationServer(): Promise<AuthorizationServer> {
  const state: State = {
    log: [],
    access: new Set(),
    refresh: new Set(),
    codes: new Map(),
    devices: new Set(),
    pending: [],
    lifetime: 3600,
  };
  const server = createServer((request, response) => void answer(state, request, response));
  await once(server.listen(0, "127.0.0.1"), "listening");
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    origin,
    oauth: {
      authorizationURL: `${origin}/authorize`,
      tokenURL: `${origin}/token`,
      deviceURL: `${origin}/device`,
      clientID: client,
      scopes: ["models", "offline"],
    },
    log: state.log,
    access: state.access,
    lifetime: (seconds) => {
      state.lifetime = seconds;
    },
    device: (...answers) => {
      state.pending = answers;
    },
    revoke: () => state.refresh.clear(),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
    },
  };
}

async function answer(state: State, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? "/", "http://localhost");
  if (url.pathname === "/authorize") return authorize(state, url.searchParams, response);
  const form = new URLSearchParams(await text(request));
  const body = url.pathname === "/device" ? deviceCode(state, form) : token(state, form);
  if ("error" in body) state.log.push(String(body.error));
  response.writeHead("error" in body ? 400 : 200, { "content-type": "application/json" }).end(JSON.stringify(body));
}

/** The person agrees, unless the address says otherwise. */
function authorize(state: State, given: URLSearchParams, response: ServerResponse): void {
  const redirect = given.get("redirect_uri") ?? "";
  const isGood =
    given.get("client_id") === client &&
    given.get("response_type") === "code" &&
    given.get("code_challenge_method") === "S256" &&
    given.get("scope") === "models offline" &&
    (given.get("state") ?? "").length >= 32;
  if (!isGood) {
    response.writeHead(400).end(given.toString());
    return;
  }
  const code = randomUUID();
  state.codes.set(code, { redirect, challenge: given.get("code_challenge") ?? "" });
  const back = new URLSearchParams({ state: given.get("state") ?? "", ...(given.has("refuse") ? {} : { code }) });
  if (given.has("refuse")) back.set("error", "access_denied");
  response.writeHead(302, { location: `${redirect}?${back}` }).end();
}

function deviceCode(state: State, form: URLSearchParams): object {
  if (form.get("client_id") !== client || form.get("scope") !== "models offline") return { error: "invalid_client" };
  const code = randomUUID();
  state.devices.add(code);
  state.log.push("device");
  return { device_code: code, user_code: "WDJB-MJHT", verification_uri: "http://127.0.0.1/activate", expires_in: 600, interval: 0.01 };
}

function token(state: State, form: URLSearchParams): object {
  if (form.get("client_id") !== client) return { error: "invalid_client" };
  if (form.get("grant_type") === "refresh_token")
    return state.refresh.delete(form.get("refresh_token") ?? "") ? give(state, "refresh") : invalid;
  if (form.get("grant_type") === "authorization_code") return redeem(state, form);
  const [next, ...later] = state.pending;
  state.pending = later;
  if (next !== undefined) return { error: next };
  return state.devices.delete(form.get("device_code") ?? "") ? give(state, "code") : invalid;
}

const invalid = { error: "invalid_grant" };

function redeem(state: State, form: URLSearchParams): object {
  const code = form.get("code") ?? "";
  const grant = state.codes.get(code);
  state.codes.delete(code);
  const challenge = createHash("sha256")
    .update(form.get("code_verifier") ?? "")
    .digest("base64url");
  return grant?.challenge === challenge && grant.redirect === form.get("redirect_uri") ? give(state, "code") : invalid;
}

function give(state: State, what: string): object {
  state.log.push(what);
  const [access, refresh] = [`access-${randomUUID()}`, `refresh-${randomUUID()}`];
  state.access.add(access);
  state.refresh.add(refresh);
  return { access_token: access, refresh_token: refresh, token_type: "Bearer", expires_in: state.lifetime };
}
