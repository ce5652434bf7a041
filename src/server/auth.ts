import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { Principal } from "../../routers/trpc.ts";
import { AppError } from "../schema/error.ts";
import { isShared } from "./share.ts";
import { isLoopback } from "./walls.ts";

export interface AuthOptions {
  /** Without one everything behind the walls is open. */
  password?: string;
  username: string;
}

/** Who sent a request. Throws UnauthorizedError unless it carries the password or needs none. */
export type Authenticate = (request: IncomingMessage, path: string, query: URLSearchParams) => Principal;

/** The challenge of a 401: both ways to send the password. */
export const challenge = 'Basic realm="codeport", charset="UTF-8", Bearer realm="codeport"';

/** Whoever has a share link may read what it opens, and comes to nothing else. */
const guest: Principal = { name: "guest", scopes: ["read"] };
const owner: Principal = { name: "owner", scopes: ["read", "prompt", "admin"] };

/**
 * HTTP Basic, or base64(user:password) as a Bearer token or as the query's `auth_token` (EventSource and WebSocket of a browser send
 * no headers). Health checks from this machine need no password, nor do share links.
 */
export function createAuth({ password, username }: AuthOptions): Authenticate {
  if (password === undefined) return () => owner;
  const expected = digest(Buffer.from(`${username}:${password}`));
  return (request, path, query) => {
    const token = credentials(request, query);
    if (token !== undefined && timingSafeEqual(digest(Buffer.from(token, "base64")), expected)) return owner;
    if (isHealthCheck(request, path)) return owner;
    if (isShared(request.method, path)) return guest;
    const fault = token === undefined ? "This server needs a password" : "The user name or password is wrong";
    throw new AppError("UnauthorizedError", `${fault}: send it as HTTP Basic authentication or as auth_token=base64(user:password).`);
  };
}

function credentials(request: IncomingMessage, query: URLSearchParams): string | undefined {
  const header = /^(?:basic|bearer) +(\S+) *$/i.exec(request.headers.authorization ?? "");
  // An unescaped "+" of the base64 alphabet arrives as a space.
  return header?.[1] ?? query.get("auth_token")?.replaceAll(" ", "+");
}

function isHealthCheck(request: IncomingMessage, path: string): boolean {
  const reads = request.method === "GET" || request.method === "HEAD";
  return reads && (path === "/global/health" || path === "/health") && isLoopback(request.socket.remoteAddress ?? "");
}

// Hashes have one length, so the comparison takes the same time whatever was sent.
function digest(value: Uint8Array): Buffer {
  return createHash("sha256").update(value).digest();
}
