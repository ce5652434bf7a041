import type { Principal } from "../../routers/trpc.ts";
import { AppError } from "../schema/error.ts";
import type { Limits } from "../schema/limits.ts";

/** What one caller, known by its token or else by its address, may take of the server. */
export interface Quota {
  /** Notes a request. Throws TooManyRequestsError past the rate. */
  request(caller: Principal): void;
  /** Takes a place for a stream, a WebSocket or a subscription on one until it is disposed of. Throws TooManyRequestsError when all are taken. */
  subscribe(caller: Principal, transport: Transport): Disposable;
  /** How many are open now. */
  subscribers(): Record<Transport, number>;
}

/** How somebody listens: event streams and chat as server-sent events, subscriptions of tRPC, and WebSockets, whatever they carry. */
export type Transport = "sse" | "chat" | "trpc" | "websocket";

/** How many seconds' worth of requests may come at once. */
const burstSeconds = 5;
/** Callers kept in mind; beyond them those that were quiet longest are forgotten. */
const most = 10_000;
const subscribeAgain = 10;

export function createQuota({ requestsPerSecond, subscribers }: Limits, now: () => number = () => performance.now()): Quota {
  const burst = requestsPerSecond * burstSeconds;
  // In the order of the newest request.
  const buckets = new Map<string, { left: number; at: number }>();
  const open = new Map<string, number>();
  const places = { sse: 0, chat: 0, trpc: 0, websocket: 0 };

  return {
    request(caller) {
      const key = keyOf(caller);
      const at = now();
      const bucket = buckets.get(key) ?? { left: burst, at };
      const left = Math.min(burst, bucket.left + ((at - bucket.at) / 1000) * requestsPerSecond);
      buckets.delete(key);
      buckets.set(key, { left: left < 1 ? left : left - 1, at });
      for (const oldest of buckets.keys()) {
        if (buckets.size <= most) break;
        buckets.delete(oldest);
      }
      if (left < 1) throw tooMany(`More than ${requestsPerSecond} requests a second for long.`, requestsPerSecond, 1);
    },
    subscribe(caller, transport) {
      const key = keyOf(caller);
      const count = open.get(key) ?? 0;
      if (count >= subscribers)
        throw tooMany(
          `${count} event streams, WebSockets and subscriptions on them are open already. Close some first.`,
          subscribers,
          subscribeAgain,
        );
      open.set(key, count + 1);
      places[transport] += 1;
      let isOver = false;
      return {
        [Symbol.dispose]() {
          if (isOver) return;
          isOver = true;
          places[transport] -= 1;
          const left = (open.get(key) ?? 1) - 1;
          if (left === 0) open.delete(key);
          else open.set(key, left);
        },
      };
    },
    subscribers: () => ({ ...places }),
  };
}

function keyOf({ token, address = "" }: Principal): string {
  return token ?? address;
}

/** `retryAfter`: seconds. */
function tooMany(message: string, limit: number, retryAfter: number): AppError {
  return new AppError("TooManyRequestsError", message, { limit, retryAfter });
}
