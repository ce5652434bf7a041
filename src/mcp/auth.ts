import type { McpRemoteConfig } from "../schema/config.ts";
import { AppError } from "../schema/error.ts";
import { abortable } from "./abortable.ts";
import { serversEnded } from "./failure.ts";
import { type Flow, startFlow } from "./flow.ts";
import type { Guard } from "./guard.ts";
import type { Logins } from "./logins.ts";
import type { Server } from "./server.ts";

/** Logging in to remote servers. Methods throw McpUnsupportedOAuthError for a server that takes no login. */
export interface Auth extends AsyncDisposable {
  /** Begins a login, and gives up one that is under way. */
  start(server: Server): Promise<{ authorizationUrl: string; oauthState: string }>;
  /** Ends the login under way with a code, and connects. Throws BadRequest when none is under way or the code is refused. */
  callback(server: Server, code: string): Promise<void>;
  /**
   * Waits for the login under way until the server is connected; without one, begins one unless the server is connected (its address is
   * handed to `onStart`). Throws BadRequest when it fails.
   */
  authenticate(server: Server, signal?: AbortSignal): Promise<void>;
  /** Whether there is a login that `remove` would forget, whether it still counts or not. False for one that takes none. */
  isStored(server: Server): Promise<boolean>;
  /** Forgets the login, and connects without. */
  remove(server: Server): Promise<void>;
}

export interface AuthOptions {
  logins: Logins;
  guardOf(server: Server): Guard | undefined;
  /** A login was begun that nobody was given the address of. */
  onStart(server: string, authorizationUrl: string): void;
}

interface Login {
  flow: Flow;
  /** Resolves when the server was connected anew after the login; rejects when the login failed. */
  connected: Promise<void>;
}

/** Milliseconds that a person has for a login. */
const patience = 5 * 60_000;

export function createAuth({ logins, guardOf, onStart }: AuthOptions): Auth {
  const flows = new Map<string, Login>();
  const ending = new AbortController();

  async function end(name: string): Promise<void> {
    const login = flows.get(name);
    flows.delete(name);
    await login?.flow[Symbol.asyncDispose]();
  }

  async function begin(server: Server): Promise<Login> {
    const config = remote(server);
    await end(server.name);
    const login = logins({ name: server.name, url: config.url });
    const challenge = guardOf(server)?.challenge() ?? {};
    const flow = await startFlow({ name: server.name, config, login, challenge, timeout: patience, signal: ending.signal });
    const begun = { flow, connected: flow.done.then(() => server.reconnect()) };
    flows.set(server.name, begun);
    const over = async () => {
      if (flows.get(server.name) === begun) flows.delete(server.name);
      await flow[Symbol.asyncDispose]();
    };
    begun.connected.then(over, over);
    return begun;
  }

  return {
    async start(server) {
      const { authorizationUrl, state } = (await begin(server)).flow;
      return { authorizationUrl, oauthState: state };
    },
    async callback(server, code) {
      remote(server);
      const login = flows.get(server.name);
      if (login === undefined) {
        const message = `No login of "${server.name}" is under way. Start one with POST /mcp/${encodeURIComponent(server.name)}/auth.`;
        throw new AppError("BadRequest", message, { server: server.name });
      }
      await login.flow.finish(code);
      await login.connected;
    },
    async authenticate(server, signal) {
      remote(server);
      const known = flows.get(server.name);
      if (known === undefined && server.connection()) return;
      const login = known ?? (await begin(server));
      if (known === undefined) onStart(server.name, login.flow.authorizationUrl);
      await abortable(login.connected, signal ? AbortSignal.any([signal, ending.signal]) : ending.signal);
    },
    async isStored({ name, config }) {
      if (config.type === "local" || config.oauth === false) return false;
      const { tokens } = await logins({ name, url: config.url }).get();
      return tokens !== undefined;
    },
    async remove(server) {
      const { url } = remote(server);
      await end(server.name);
      await logins({ name: server.name, url }).remove();
      if (server.config.enabled !== false) await server.reconnect();
    },
    async [Symbol.asyncDispose]() {
      ending.abort(serversEnded());
      await Promise.all([...flows.keys()].map(end));
    },
  };
}

function remote({ name, config }: Server): McpRemoteConfig {
  if (config.type === "remote" && config.oauth !== false) return config;
  const why = config.type === "local" ? "it runs on this machine" : "its oauth setting is false";
  const error = `The MCP server "${name}" takes no login: ${why}.`;
  throw new AppError("McpUnsupportedOAuthError", error, { server: name, error });
}
