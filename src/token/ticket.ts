import { createHash, randomBytes } from "node:crypto";
import type { Principal } from "../schema/token.ts";

/** A key for one request, mostly a stream: it stands in the address, since browsers send no headers with EventSource and WebSocket. */
export interface Ticket {
  ticket: string;
  /** Epoch milliseconds. */
  expires: number;
}

export interface Tickets {
  issue(holder: Principal): Ticket;
  /** The holder of a ticket, once; undefined when it was used, is unknown or too old. */
  take(ticket: string): Principal | undefined;
}

const lifetime = 30_000;
/** Beyond it the oldest ticket is forgotten. */
const most = 10_000;

export function createTickets(now: () => number = Date.now): Tickets {
  // By hash, so that finding one takes the same time whatever was sent. In the order in which they expire.
  const issued = new Map<string, { holder: Principal; expires: number }>();
  const forgetOld = () => {
    for (const [key, { expires }] of issued) {
      if (expires > now() && issued.size <= most) return;
      issued.delete(key);
    }
  };
  return {
    issue(holder) {
      const ticket = randomBytes(32).toString("base64url");
      const expires = now() + lifetime;
      issued.set(digest(ticket), { holder, expires });
      forgetOld();
      return { ticket, expires };
    },
    take(ticket) {
      const key = digest(ticket);
      const found = issued.get(key);
      issued.delete(key);
      return found !== undefined && found.expires > now() ? found.holder : undefined;
    },
  };
}

const digest = (ticket: string): string => createHash("sha256").update(ticket).digest("base64");
