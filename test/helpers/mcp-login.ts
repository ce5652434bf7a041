import { createHash, randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { json, text } from "node:stream/consumers";
import { type RemoteServer, remoteServer } from "./mcp.ts";

export interface ProtectedServer extends RemoteServer {
  /** What the authorization server has done so far: `register`, `code`, `refresh`, `refused`. */
  log: string[];
  /** Access tokens given out so far stop being accepted. */
  expireAccess(): void;
  /** Refresh tokens too. */
  revoke(): void;
}

export interface ProtectedOptions {
  /** Registers no clients by itself; this one is known. */
  client?: { id: string; secret: string };
}

interface Grant {
  client: string;
  redirect: string;
  challenge: string;
}

/**
 * An MCP server that wants a bearer token, with a small authorization server beside it: discovery, dynamic registration, a consent that
 * is always given, codes that need their PKCE verifier, and refresh tokens that are used once.
 */
export async function protectedServer({ client }: ProtectedOptions = {}): Promise<ProtectedServer> {
  const state = createState(client);
  const server = await remoteServer({ before: (request, response, origin) => answer(state, { request, response, origin }) });
  return {
    ...server,
    log: state.log,
    expireAccess: () => state.access.clear(),
    revoke() {
      state.access.clear();
      state.refresh.clear();
    },
  };
}

function createState(client: ProtectedOptions["client"]) {
  return {
    log: [] as string[],
    open: client === undefined,
    /** Redirect addresses by client; undefined: any. */
    clients: new Map<string, string[] | undefined>(client ? [[client.id, undefined]] : []),
    secrets: new Map<string, string>(client ? [[client.id, client.secret]] : []),
    codes: new Map<string, Grant>(),
    access: new Set<string>(),
    refresh: new Map<string, string>(),
  };
}

type State = ReturnType<typeof createState>;

interface Exchange {
  request: IncomingMessage;
  response: ServerResponse;
  origin: string;
}

async function answer(state: State, exchange: Exchange): Promise<boolean> {
  const { request, response, origin } = exchange;
  const url = new URL(request.url ?? "/", origin);
  const send = (status: number, body: object, headers = {}): true => {
    response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));
    return true;
  };
  if (url.pathname === "/.well-known/oauth-protected-resource/mcp")
    return send(200, { resource: `${origin}/mcp`, authorization_servers: [origin], scopes_supported: ["tools"] });
  if (url.pathname === "/.well-known/oauth-authorization-server") return send(200, metadata(origin, state.open));
  if (url.pathname === "/register" && state.open) return send(201, register(state, await json(request)));
  if (url.pathname === "/authorize") return authorize(state, url, response);
  if (url.pathname === "/token") return token(state, new URLSearchParams(await text(request)), send);
  if (url.pathname !== "/mcp") return send(404, {});
  if (state.access.has(request.headers.authorization?.replace(/^Bearer /, "") ?? "")) return false;
  const challenge = `Bearer resource_metadata="${origin}/.well-known/oauth-protected-resource/mcp", scope="tools"`;
  return send(401, { error: "invalid_token" }, { "www-authenticate": challenge });
}

function metadata(origin: string, open: boolean): object {
  return {
    issuer: origin,
    authorization_endpoint: `${origin}/authorize`,
    token_endpoint: `${origin}/token`,
    ...(open && { registration_endpoint: `${origin}/register` }),
    response_types_supported: ["code"],
    grant_types_supported: ["authorization_code", "refresh_token"],
    code_challenge_methods_supported: ["S256"],
    token_endpoint_auth_methods_supported: ["none", "client_secret_post"],
  };
}

function register(state: State, body: unknown): object {
  const wanted = body as { redirect_uris: string[] };
  const id = randomUUID();
  state.log.push("register");
  state.clients.set(id, wanted.redirect_uris);
  return { ...wanted, client_id: id };
}

/** The person always agrees, so the browser is sent back at once. */
function authorize(state: State, url: URL, response: ServerResponse): true {
  const given = Object.fromEntries(url.searchParams);
  const { client_id: client = "", redirect_uri: redirect = "", code_challenge: challenge = "", state: own = "" } = given;
  const places = state.clients.get(client);
  const known = state.clients.has(client) && (places === undefined || places.includes(redirect));
  if (!known || given.code_challenge_method !== "S256" || given.scope !== "tools") {
    response.writeHead(400).end(JSON.stringify(given));
    return true;
  }
  const code = randomUUID();
  state.codes.set(code, { client, redirect, challenge });
  response.writeHead(302, { location: `${redirect}?${new URLSearchParams({ code, state: own })}` }).end();
  return true;
}

function token(state: State, given: URLSearchParams, send: (status: number, body: object) => true): true {
  const client = given.get("client_id") ?? "";
  const known = state.clients.has(client) && (state.secrets.get(client) ?? null) === given.get("client_secret");
  const isGood = known && (given.get("grant_type") === "refresh_token" ? isRefresh(state, given) : isCode(state, given));
  if (!isGood) {
    state.log.push("refused");
    return send(400, { error: known ? "invalid_grant" : "invalid_client" });
  }
  state.log.push(given.get("grant_type") === "refresh_token" ? "refresh" : "code");
  const [access, refresh] = [randomUUID(), randomUUID()];
  state.access.add(access);
  state.refresh.set(refresh, client);
  return send(200, { access_token: access, refresh_token: refresh, token_type: "Bearer", expires_in: 3600, scope: "tools" });
}

function isRefresh(state: State, given: URLSearchParams): boolean {
  const used = given.get("refresh_token") ?? "";
  const owner = state.refresh.get(used);
  state.refresh.delete(used);
  return owner !== undefined && owner === given.get("client_id");
}

function isCode(state: State, given: URLSearchParams): boolean {
  const code = given.get("code") ?? "";
  const grant = state.codes.get(code);
  state.codes.delete(code);
  const challenge = createHash("sha256")
    .update(given.get("code_verifier") ?? "")
    .digest("base64url");
  return grant?.client === given.get("client_id") && grant?.redirect === given.get("redirect_uri") && grant?.challenge === challenge;
}
