import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { createServer, type Server } from "node:net";

/** A program that holds a port (any free one unless told). `held` is false where another has it already. */
export async function portHolder(wanted = 0): Promise<{ port: number; held: boolean } & AsyncDisposable> {
  const server = createServer();
  const held = await listening(server, wanted);
  const port = held ? (server.address() as AddressInfo).port : wanted;
  return {
    port,
    held,
    async [Symbol.asyncDispose]() {
      if (held) await once(server.close(), "close");
    },
  };
}

export async function freePort(): Promise<number> {
  await using holder = await portHolder();
  return holder.port;
}

async function listening(server: Server, port: number): Promise<boolean> {
  try {
    await once(server.listen(port, "127.0.0.1"), "listening");
    return true;
  } catch {
    return false;
  }
}
