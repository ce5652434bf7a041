import type { IncomingMessage } from "node:http";
import type { WebSocket } from "ws";

export interface Protocols {
  trpc(client: WebSocket, request: IncomingMessage): void;
  chat(client: WebSocket, request: IncomingMessage): void;
}

/**
 * Lets the first frame of a connection say which protocol it speaks: tRPC's frames have a `method` (or are a list), all others are the
 * chat's. A client of tRPC that announces connection parameters, or pings before its first call, is known as one as well.
 */
export function byFirstFrame(client: WebSocket, request: IncomingMessage, { trpc, chat }: Protocols): void {
  if (new URLSearchParams(request.url?.split("?")[1]).get("connectionParams") === "1") {
    trpc(client, request);
    return;
  }
  const decide = (data: Buffer, isBinary: boolean): void => {
    const text = String(data);
    if (text === "PING") {
      client.send("PONG");
      return;
    }
    client.off("message", decide);
    if (isTRPC(text)) trpc(client, request);
    else chat(client, request);
    client.emit("message", data, isBinary);
  };
  client.on("message", decide);
}

function isTRPC(text: string): boolean {
  try {
    const frame: unknown = JSON.parse(text);
    return Array.isArray(frame) || (typeof frame === "object" && frame !== null && "method" in frame && typeof frame.method === "string");
  } catch {
    return false;
  }
}
