import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import type { Principal } from "../../routers/trpc.ts";
import type { App } from "../app.ts";
import { AppError } from "../schema/error.ts";
import { scopesOf } from "../schema/token.ts";
import { isTokenSecret } from "../token/token.ts";
import { type Credentials, readCredentials } from "./credentials.ts";
import { createPeers } from "./peer.ts";
import { isShared } from "./share.ts";
import { createThrottle, type Throttle } from "./throttle.ts";
import { createTurnstile, neighbourhood } from "./turnstile.ts";
import { isLoopback } from "./walls.ts";
import { isWeb } from "./web-path.ts";

export interface AuthOptions {
  /** Without one everything behind the walls is open, to those who bring nothing; who brings a token has its rights alone. */
  password?: string;
  username: string;
  tokens: App["tokens"];
  throttle?: Throttle;
}

/** Who sent a request. Throws UnauthorizedError unless it carries the password, a token or a ticket, or needs none. */
export type Authenticate = (request: IncomingMessage, path: string, query: URLSearchParams) => Promise<Principal>;

/** The challenge of a 401: both ways to send the password. A browser would answer the first by a dialog of its own, over a page that asks itself. */
export function challengeFor(request?: IncomingMessage): string {
  const isPage = request !== undefined && isOfPage(request);
  return isPage ? 'Bearer realm="codeport"' : 'Basic realm="codeport", charset="UTF-8", Bearer realm="codeport"';
}

/** Whether a script of a page sent it. Over plain HTTP from another machine browsers do not say so, and it is told by what no script wants: a page. */
function isOfPage({ headers: { "sec-fetch-dest": purpose, "user-agent": agent = "", accept = "" } }: IncomingMessage): boolean {
  if (purpose !== undefined) return ["empty", "websocket"].includes(String(purpose));
  return agent.startsWith("Mozilla/") && !accept.includes("text/html");
}

/** Whoever has a share link may read what it opens, and whoever opens the web interface gets its files; both come to nothing else. */
const guest: Principal = { name: "guest", scopes: ["read"] };
const everything = scopesOf("admin");
/** Answers to wrong passwords that are held back at a time. Beyond, they are given at once: waiting must not fill the memory. */
const mostWaiting = 1_000;

/**
 * HTTP Basic, a token, or base64(user:password) as a Bearer token: see `credentials.ts`. Health checks from this machine, share links and the
 * files of the web interface need none.
 */
export function createAuth({ password, username, tokens, throttle = createThrottle() }: AuthOptions): Authenticate {
  const expected = password === undefined ? undefined : digest(Buffer.from(`${username}:${password}`));
  const toolOf = createPeers();
  const turnstile = createTurnstile(throttle);
  let waiting = 0;

  async function identify(request: IncomingMessage, path: string, given: Credentials): Promise<Principal> {
    if (given.kind === "ticket") return takeTicket(request, given.ticket);
    if (given.kind === "secret" && isTokenSecret(given.password)) return holderOf(await tokens.verify(given.password));
    if (expected === undefined) return { name: "local", scopes: everything };
    if (given.kind === "secret" && (await isPassword(request, given.login, expected))) return { name: "owner", scopes: everything };
    if (isHealthCheck(request, path)) return { name: "health check", scopes: ["read"] };
    if (isShared(request.method, path) || isWeb(request.method, path)) return guest;
    throw given.kind === "none" ? missing() : wrong("The user name or password is wrong");
  }

  function isPassword(request: IncomingMessage, login: Uint8Array, expected: Buffer): Promise<boolean> {
    return turnstile.turn(addressOf(request), () => timingSafeEqual(digest(login), expected));
  }

  /** A ticket opens what cannot send headers: a stream. It is worth no more than the token that it was given to. */
  async function takeTicket({ method, headers }: IncomingMessage, ticket: string): Promise<Principal> {
    const holder = method === "GET" || headers.upgrade !== undefined ? tokens.tickets.take(ticket) : undefined;
    if (holder === undefined) throw wrong("The ticket is unknown, was used or is too old: POST /token/ticket gives another");
    if (holder.token !== undefined && (await tokens.ended([holder.token])).length > 0) throw wrong("The token of the ticket has ended");
    return holder;
  }

  /** What was looked at without delay is answered with one, when it was wrong. */
  async function holdBack(address: string, given: Credentials): Promise<void> {
    const isCounted = given.kind === "secret" && !isTokenSecret(given.password) && !isLoopback(address);
    const milliseconds = isCounted ? 0 : throttle.failed(address);
    if (milliseconds === 0 || waiting >= mostWaiting) return;
    waiting += 1;
    await delay(milliseconds, undefined, { ref: false });
    waiting -= 1;
  }

  return async (request, path, query) => {
    const { remoteAddress = "" } = request.socket;
    const address = addressOf(request);
    const given = readCredentials(request, query);
    try {
      const principal = await identify(request, path, given);
      if (principal.name === "owner") throttle.succeeded(address);
      return { ...principal, address: remoteAddress, tool: () => toolOf(request.socket) };
    } catch (error) {
      const isWrong = error instanceof AppError && error.name === "UnauthorizedError" && given.kind !== "none";
      if (isWrong) await holdBack(address, given);
      throw error;
    }
  };
}

const addressOf = ({ socket }: IncomingMessage): string => neighbourhood(socket.remoteAddress ?? "");

function holderOf({ id, scope, directories }: Awaited<ReturnType<App["tokens"]["verify"]>>): Principal {
  return { name: `token ${id}`, scopes: scopesOf(scope), token: id, directories };
}

const how = "send it as HTTP Basic authentication, or a token as Authorization: Bearer.";

function missing(): AppError {
  return new AppError("UnauthorizedError", `This server needs a password: ${how}`);
}

function wrong(fault: string): AppError {
  return new AppError("UnauthorizedError", `${fault}: ${how}`);
}

function isHealthCheck(request: IncomingMessage, path: string): boolean {
  const reads = request.method === "GET" || request.method === "HEAD";
  return reads && (path === "/global/health" || path === "/health") && isLoopback(request.socket.remoteAddress ?? "");
}

// Hashes have one length, so the comparison takes the same time whatever was sent.
function digest(value: Uint8Array): Buffer {
  return createHash("sha256").update(value).digest();
}
