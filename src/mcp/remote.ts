import {
  type AuthProvider,
  type JSONRPCMessage,
  SSEClientTransport,
  StreamableHTTPClientTransport,
  type Transport,
} from "@modelcontextprotocol/client";
import type { McpRemoteConfig } from "../schema/config.ts";
import type { Guard } from "./guard.ts";

export interface RemoteOptions {
  config: McpRemoteConfig;
  /** Missing: the server's own headers are all it gets. */
  guard?: Guard;
}

/** Milliseconds in which a server may hear that its session is over. */
const farewell = 500;
/** JSON-RPC leaves -32000 and below to the implementation. */
const closedEarly = -32000;

export function createHttpTransport({ config, guard }: RemoteOptions): Transport {
  const transport = new StreamableHTTPClientTransport(new URL(config.url), {
    requestInit: { headers: config.headers },
    authProvider: authOf(guard),
    // A person grants scopes, so nothing is asked for in the middle of a turn.
    onInsufficientScope: "throw",
  });
  const send = transport.send.bind(transport);
  const close = transport.close.bind(transport);
  let closing: Promise<void> | undefined;
  // The transport leaves a request open when the stream of its answer breaks; it would run into its time limit.
  transport.send = (message, options) => send(message, { ...options, onRequestStreamEnd: () => answerFor(transport, message) });
  transport.close = () => {
    closing ??= sayGoodbye(transport).finally(close);
    return closing;
  };
  return transport;
}

export function createSseTransport({ config, guard }: RemoteOptions): Transport {
  return new SSEClientTransport(new URL(config.url), { requestInit: { headers: config.headers }, authProvider: authOf(guard) });
}

function authOf(guard: Guard | undefined): AuthProvider | undefined {
  return guard && { token: guard.token, onUnauthorized: ({ response }) => guard.refused(response) };
}

/** An error in the server's place. Where the answer has arrived after all, nobody waits for it any more. */
function answerFor(transport: StreamableHTTPClientTransport, message: JSONRPCMessage | JSONRPCMessage[]): void {
  if (Array.isArray(message) || !("method" in message) || !("id" in message)) return;
  const error = { code: closedEarly, message: "It closed the connection before it answered." };
  transport.onmessage?.({ jsonrpc: "2.0", id: message.id, error });
}

async function sayGoodbye(transport: StreamableHTTPClientTransport): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, farewell);
  // A server that is gone needs no farewell.
  await Promise.race([transport.terminateSession().catch(() => {}), promise]);
  clearTimeout(timer);
}
