import { once } from "node:events";
import type { Server } from "node:http";
import { AppError } from "../schema/error.ts";

const preferredPort = 4096;

export interface Address {
  hostname: string;
  /** 0: 4096, or any free port when that is taken. */
  port: number;
  /** With port 0: any free port at once. */
  anyPort?: boolean;
}

/** Binds the server and gives its port. Throws ConfigInvalidError for a port that cannot be, ServiceUnavailableError for one that cannot be had. */
export async function bind(server: Server, { hostname, port, anyPort }: Address): Promise<number> {
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new AppError("ConfigInvalidError", `${port} is not a port: it must be a whole number from 0 to 65535.`, { port });
  }
  if (port !== 0 || anyPort) return attempt(server, hostname, port);
  try {
    return await attempt(server, hostname, preferredPort);
  } catch (error) {
    if (error instanceof AppError && error.data.code === "EADDRINUSE") return attempt(server, hostname, 0);
    throw error;
  }
}

async function attempt(server: Server, hostname: string, port: number): Promise<number> {
  try {
    server.listen({ host: hostname, port });
    await once(server, "listening");
  } catch (error) {
    throw unavailable(hostname, port, error);
  }
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : port;
}

const reasons: Record<string, string> = {
  EADDRINUSE: "another program already listens there. Stop it, or choose another port (0 finds a free one).",
  EACCES: "this user may not listen there. Choose a port above 1023.",
  EADDRNOTAVAIL: "this machine does not have that address.",
  ENOTFOUND: "that name does not resolve.",
};

function unavailable(hostname: string, port: number, error: unknown): AppError {
  const code = error instanceof Error && "code" in error ? String(error.code) : "unknown";
  const message = `Cannot listen on ${hostname} port ${port}: ${reasons[code] ?? code}`;
  return new AppError("ServiceUnavailableError", message, { hostname, port, code }, { cause: error });
}
