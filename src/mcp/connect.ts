import { basename, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { Client, Prompt, Resource, Tool, Transport } from "@modelcontextprotocol/client";
import type { McpLocalConfig, McpRemoteConfig } from "../schema/config.ts";
import { abortable } from "./abortable.ts";
import { isSessionless } from "./failure.ts";
import type { Guard } from "./guard.ts";
import type { StdioOptions } from "./stdio.ts";

export type ServerConfig = McpLocalConfig | McpRemoteConfig;

/** What a server offers, read when it connects and again when it says that it changed. */
export interface Offer {
  tools: Tool[];
  prompts: Prompt[];
  resources: Resource[];
}

export interface Connection {
  client: Client;
  offer: Offer;
  /** Ends the connection, and the process with everything it started. Does not throw. */
  close(): Promise<void>;
}

export interface ConnectOptions {
  config: ServerConfig;
  /** Milliseconds for the whole of it: start, handshake and lists. */
  timeout: number;
  signal: AbortSignal;
  directory: string;
  environment: NodeJS.ProcessEnv;
  version: string;
  endProcess: StdioOptions["endProcess"];
  /** The login of a remote server. */
  guard?: Guard;
  /** What the server offers has changed. */
  onChange(): void;
  /** The connection is over, and why if that is known; not told after `close`. */
  onLost(connection: Connection, reason: string | undefined): void;
  /** Told of what went wrong beside the way: a list that could not be read. */
  onError(error: unknown): void;
}

/** Connects and reads what the server offers. Leaves nothing behind when it throws. */
export async function connect(options: ConnectOptions): Promise<Connection> {
  const limit = AbortSignal.any([options.signal, AbortSignal.timeout(options.timeout)]);
  if (options.config.type === "local") return open(await stdio(options, options.config), options, limit);
  const { createHttpTransport, createSseTransport } = await import("./remote.ts");
  const remote = { config: options.config, guard: options.guard };
  try {
    return await open(createHttpTransport(remote), options, limit);
  } catch (error) {
    // Servers of the first protocol version know nothing of a POST to this address.
    if (!isSessionless(error)) throw error;
    return open(createSseTransport(remote), options, limit).catch(() => {
      throw error;
    });
  }
}

type Ending = Transport & { ending?: () => string | undefined };

async function stdio({ directory, environment, endProcess }: ConnectOptions, config: McpLocalConfig): Promise<Ending> {
  const { createStdioTransport } = await import("./stdio.ts");
  return createStdioTransport({
    command: config.command,
    directory: resolve(directory, config.cwd ?? ""),
    environment: { ...environment, ...config.environment },
    endProcess,
  });
}

async function open(transport: Ending, options: ConnectOptions, limit: AbortSignal): Promise<Connection> {
  const offer: Offer = { tools: [], prompts: [], resources: [] };
  const client = await createClient(options, offer);
  let closed = false;
  const close = async () => {
    closed = true;
    await transport.close().catch(options.onError);
  };
  try {
    const ready = async () => {
      await client.connect(transport, { timeout: options.timeout, signal: limit });
      Object.assign(offer, await readOffer(client, options));
    };
    // A transport that never starts must not hold anyone.
    await abortable(ready(), limit);
    limit.throwIfAborted();
  } catch (error) {
    // Asked before it is ended by us.
    const ending = transport.ending?.();
    await close();
    throw ending === undefined ? error : new Error(ending, { cause: error });
  }
  const connection = { client, offer, close };
  const lost = () => {
    if (!closed) options.onLost(connection, transport.ending?.());
  };
  client.onclose = lost;
  // It may have ended while its lists were read: whoever waits for the connection hears of it right after.
  if (client.transport === undefined) setImmediate(lost);
  return connection;
}

async function createClient({ version, directory, onChange, onError }: ConnectOptions, offer: Offer): Promise<Client> {
  const { Client } = await import("@modelcontextprotocol/client");
  const changed =
    <Kind extends keyof Offer>(kind: Kind) =>
    (error: Error | null, items: Offer[Kind] | null) => {
      if (error) onError(error);
      if (items) offer[kind] = items;
      onChange();
    };
  const client = new Client(
    { name: "codeport", version },
    {
      capabilities: { roots: {} },
      listChanged: {
        tools: { onChanged: changed("tools") },
        prompts: { onChanged: changed("prompts") },
        resources: { onChanged: changed("resources") },
      },
    },
  );
  client.setRequestHandler("roots/list", () => ({ roots: [{ uri: pathToFileURL(directory).href, name: basename(directory) }] }));
  return client;
}

/** A server that cannot list its tools is of no use; one that cannot list the rest is. */
async function readOffer(client: Client, { timeout, signal, onError }: ConnectOptions): Promise<Offer> {
  const request = { timeout, signal };
  const capabilities = client.getServerCapabilities() ?? {};
  const orNothing = (error: unknown) => {
    if (!signal.aborted) onError(error);
    return undefined;
  };
  const [tools, prompts, resources] = await Promise.all([
    capabilities.tools && client.listTools(undefined, request),
    capabilities.prompts && client.listPrompts(undefined, request).catch(orNothing),
    capabilities.resources && client.listResources(undefined, request).catch(orNothing),
  ]);
  return { tools: tools?.tools ?? [], prompts: prompts?.prompts ?? [], resources: resources?.resources ?? [] };
}
