import type { Server, ServerOptions } from "node:http";
import { AppError } from "../schema/error.ts";

/** PEM texts. */
export interface Certificate {
  cert: string | Buffer;
  key: string | Buffer;
}

/** A server that speaks TLS. Throws ConfigInvalidError for a certificate and key that are none or do not belong together. */
export async function createTlsServer(options: ServerOptions, { cert, key }: Certificate): Promise<Server> {
  const { createServer } = await import("node:https");
  try {
    const server = createServer({ ...options, cert, key });
    // What tells callers the server's address asks this header: a proxy that speaks TLS in its place says the same.
    const mark = (request: { headers: NodeJS.Dict<string | string[]> }) => {
      request.headers["x-forwarded-proto"] = "https";
    };
    server.on("request", mark).on("upgrade", mark);
    return server as unknown as Server;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new AppError("ConfigInvalidError", `The certificate or its key cannot be used: ${reason}.`, {}, { cause });
  }
}
