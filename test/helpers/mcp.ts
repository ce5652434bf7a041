import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import type { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { SSEServerTransport } from "@modelcontextprotocol/sdk/server/sse.js";
import { StreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/streamableHttp.js";
import type { McpLocalConfig } from "../../src/schema/config.ts";
import { createToolServer } from "../fixtures/mcp-tools.ts";

const script = fileURLToPath(new URL("../fixtures/mcp-stdio.ts", import.meta.url));

/** The configuration of a server of `fixtures/mcp-stdio.ts`. */
export function localServer(mode = "good", options: Partial<McpLocalConfig> & { file?: string } = {}): McpLocalConfig {
  const { file, ...rest } = options;
  return { type: "local", command: [process.execPath, script, mode, ...(file === undefined ? [] : [file])], ...rest };
}

export interface RemoteServer extends AsyncDisposable {
  origin: string;
  /** Of the MCP endpoint. */
  url: string;
  /** Headers of the requests to the endpoint so far. */
  requests: IncomingMessage["headers"][];
  /** Forgets all sessions, as a server that was started again. */
  forget(): void;
  /** Breaks every connection there is. */
  drop(): void;
}

export interface RemoteServerOptions {
  /** Speaks only the first version of the protocol's HTTP. */
  sse?: boolean;
  /** Answers requests before the endpoint sees them; true: it has. */
  before?(request: IncomingMessage, response: ServerResponse, origin: string): boolean | Promise<boolean>;
}

/** A real MCP server over HTTP on a free port, with the tools of `fixtures/mcp-tools.ts`. */
export async function remoteServer({ sse, before }: RemoteServerOptions = {}): Promise<RemoteServer> {
  const requests: RemoteServer["requests"] = [];
  const sessions: Sessions = new Map();
  const server = createServer((request, response) => {
    void handle(request, response);
  });
  const handle = async (request: IncomingMessage, response: ServerResponse) => {
    if (await before?.(request, response, origin)) return;
    requests.push(request.headers);
    await (sse ? handleSse(sessions, request, response) : handleStream(sessions, request, response));
  };
  const origin = await listen(server);
  return {
    origin,
    url: `${origin}/mcp`,
    requests,
    forget: () => sessions.clear(),
    drop: () => server.closeAllConnections(),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

export async function listen(server: Server): Promise<string> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

type Sessions = Map<string, StreamableHTTPServerTransport | SSEServerTransport>;

async function handleStream(sessions: Sessions, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const id = request.headers["mcp-session-id"];
  const known = typeof id === "string" ? sessions.get(id) : undefined;
  if (known instanceof StreamableHTTPServerTransport) return known.handleRequest(request, response);
  if (id !== undefined) {
    response.writeHead(404, { "content-type": "application/json" });
    response.end('{"jsonrpc":"2.0","error":{"code":-32001,"message":"Session not found"},"id":null}');
    return;
  }
  const transport = new StreamableHTTPServerTransport({
    sessionIdGenerator: () => crypto.randomUUID(),
    onsessioninitialized: (session) => void sessions.set(session, transport),
  });
  await (createToolServer() as McpServer).connect(transport as never);
  await transport.handleRequest(request, response);
}

async function handleSse(sessions: Sessions, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? "/", "http://localhost");
  if (url.pathname === "/mcp" && request.method === "GET") {
    const transport = new SSEServerTransport("/messages", response);
    sessions.set(transport.sessionId, transport);
    return createToolServer().connect(transport);
  }
  const known = sessions.get(url.searchParams.get("sessionId") ?? "");
  if (url.pathname === "/messages" && known instanceof SSEServerTransport) return known.handlePostMessage(request, response);
  response.writeHead(405).end();
}
