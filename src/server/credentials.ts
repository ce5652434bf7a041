import type { IncomingMessage } from "node:http";
import { isTokenSecret } from "../token/token.ts";

/** What a request brings to be let in with. */
export type Credentials =
  | { kind: "none" }
  /** `login`: `user:password`. `password`: what follows the user, or a token that was sent bare. */
  | { kind: "secret"; password: string; login: Uint8Array }
  | { kind: "ticket"; ticket: string };

/**
 * `Authorization` first (Basic, or Bearer with a token or base64(user:password)); then the query's `auth_token`, which takes what Bearer
 * takes, and `ticket`: EventSource and WebSocket of a browser send no headers.
 */
export function readCredentials(request: IncomingMessage, query: URLSearchParams): Credentials {
  const [, scheme = "", sent] = /^(basic|bearer) +(\S+) *$/i.exec(request.headers.authorization ?? "") ?? [];
  if (sent !== undefined) return toSecret(sent, scheme.toLowerCase() === "basic");
  // An unescaped "+" of the base64 alphabet arrives as a space.
  const inQuery = query.get("auth_token")?.replaceAll(" ", "+");
  if (inQuery !== undefined) return toSecret(inQuery, false);
  const ticket = query.get("ticket");
  return ticket === null ? { kind: "none" } : { kind: "ticket", ticket };
}

function toSecret(sent: string, isBasic: boolean): Credentials {
  const login = Buffer.from(sent, "base64");
  const text = login.toString();
  // Base64 is forgiving: a token would decode to something.
  const password = !isBasic && isTokenSecret(sent) ? sent : text.slice(text.indexOf(":") + 1);
  return { kind: "secret", password, login };
}
