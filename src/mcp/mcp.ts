import type { Config, McpLocalConfig, McpRemoteConfig } from "../schema/config.ts";
import type { MCPStatus, McpResource } from "../schema/service.ts";
import type { Tool } from "../tool/tool.ts";
import { createAuth } from "./auth.ts";
import { createFleet } from "./fleet.ts";
import type { Logins } from "./logins.ts";
import { commandsOf, type McpCommand, type McpContents, type McpMessage, readResource, renderPrompt, resourcesOf } from "./offers.ts";
import type { Server } from "./server.ts";
import { toolsOf } from "./tools.ts";

export { type Logins, openLogins } from "./logins.ts";
export type { McpCommand, McpContents, McpMessage } from "./offers.ts";

/**
 * The MCP servers of one directory. Nothing runs until somebody asks for something; then all enabled servers are connected in the
 * background, and one that dies is started again after a while. A server may hang, die or write garbage: what asks of it fails in
 * time with AppError ServiceUnavailableError. Methods that take a server's name throw McpServerNotFoundError for an unknown one.
 * Disposing ends every connection and every process, with what it started.
 */
export interface McpService extends AsyncDisposable {
  /** Of every configured server. Waits a moment for those that are being connected for the first time. */
  status(): Promise<Record<string, MCPStatus>>;
  /** Adds or replaces a server until the instance ends, and connects it unless it is disabled. */
  add(name: string, config: McpLocalConfig | McpRemoteConfig): Promise<void>;
  /** Connects, also what is disabled. Whether it is connected then. */
  connect(name: string): Promise<boolean>;
  /** Ends the connection; the server counts as disabled from then on. */
  disconnect(name: string): Promise<void>;
  /** Resolves when every first attempt has ended, at the latest ten seconds after it began, and when the signal aborts. */
  ready(signal?: AbortSignal): Promise<void>;
  /** The tools of the servers that are connected now. `taken`: names that are not free. A tool finds its server's newest connection when it is called. */
  tools(taken: string[]): Tool[];
  /** The prompts of the servers that are connected, as commands. */
  commands(): Promise<McpCommand[]>;
  /** Throws NotFoundError for a command that no connected server has, BadRequest where an argument is missing. */
  renderPrompt(command: string, input: Record<string, string>): Promise<McpMessage[]>;
  resources(): Promise<Record<string, McpResource>>;
  readResource(server: string, uri: string): Promise<McpContents>;
  /** Logins: OAuth 2.1 with PKCE and dynamic client registration. Methods throw McpUnsupportedOAuthError where there is none, BadRequest when it fails. */
  auth: {
    /** The names of the servers that a login is stored of. */
    list(): Promise<string[]>;
    /** Where a person logs in. The browser comes back to this machine, and the server is connected. */
    start(name: string): Promise<{ authorizationUrl: string; oauthState: string }>;
    /** Ends the login under way with the code that the browser was sent back with, or with the whole address. */
    callback(name: string, code: string): Promise<MCPStatus>;
    /** Waits until the person has logged in, for at most five minutes; not at all when the server is connected and no login is under way. */
    authenticate(name: string, signal?: AbortSignal): Promise<MCPStatus>;
    remove(name: string): Promise<void>;
  };
}

export interface McpOptions {
  config: Pick<Config, "mcp" | "experimental">;
  /** Where servers run that name no directory. */
  directory: string;
  /** The environment of server processes, already without this server's secrets. */
  environment: NodeJS.ProcessEnv;
  version: string;
  logins: Logins;
  /** Ends a process and everything it started, by the pid of its group's leader. */
  endProcess(leader: number): Promise<void>;
  /** The status of a server, or what it offers, has changed. */
  onChange(server: string): void;
  /** Somebody has to visit this address to log in, and nobody was told it in an answer. */
  onLogin(server: string, url: string): void;
  /** Told of failures nobody waits for. */
  onError(error: unknown): void;
}

/** How long others wait for first connections, in milliseconds. */
const patience = { use: 10_000, status: 3_000 };

export function createMcp(options: McpOptions): McpService {
  const fleet = createFleet(options);
  const auth = createAuth({ logins: options.logins, guardOf: fleet.guardOf, onStart: options.onLogin });
  const settled = async (): Promise<Server[]> => {
    await fleet.settle(patience.use);
    return fleet.list();
  };
  return {
    async status() {
      await fleet.settle(patience.status);
      return Object.fromEntries(fleet.list().map((server) => [server.name, statusOf(server)]));
    },
    add: fleet.add,
    async connect(name) {
      const server = fleet.get(name);
      await server.connect();
      return server.status()?.status === "connected";
    },
    disconnect: async (name) => fleet.get(name).disconnect(),
    ready: (signal) => fleet.settle(patience.use, signal),
    tools: (taken) => toolsOf(fleet.list(), taken),
    commands: async () => commandsOf(await settled()),
    renderPrompt: async (command, input) => renderPrompt(await settled(), command, input),
    resources: async () => resourcesOf(await settled()),
    async readResource(name, uri) {
      await settled();
      return readResource(fleet.get(name), uri);
    },
    auth: {
      async list() {
        const known = await Promise.all(fleet.list().map(async (server) => ((await auth.isStored(server)) ? [server.name] : [])));
        return known.flat();
      },
      start: async (name) => auth.start(fleet.get(name)),
      async callback(name, code) {
        await auth.callback(fleet.get(name), code);
        return statusOf(fleet.get(name));
      },
      async authenticate(name, signal) {
        await auth.authenticate(fleet.get(name), signal);
        return statusOf(fleet.get(name));
      },
      remove: async (name) => auth.remove(fleet.get(name)),
    },
    async [Symbol.asyncDispose]() {
      await auth[Symbol.asyncDispose]();
      await fleet[Symbol.asyncDispose]();
    },
  };
}

function statusOf(server: Server): MCPStatus {
  return server.status() ?? { status: "failed", error: "It is still being connected." };
}
