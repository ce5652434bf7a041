import { isIPv6 } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { AppError } from "../schema/error.ts";
import type { Throttle } from "./throttle.ts";
import { isLoopback } from "./walls.ts";

/**
 * Looks at the passwords of an address one after the other, and after wrong ones each later than the one before: a hundred guesses at once take
 * as long as a hundred in a row. Other addresses wait for nothing. Neither does this machine itself, where everybody shares one address and a
 * flood of guesses would keep the owner out.
 */
export interface Turnstile {
  /** Whether the password is right, which `isRight` tells when its turn has come. Throws TooManyRequestsError, without asking it, when too many wait already. */
  turn(address: string, isRight: () => boolean): Promise<boolean>;
}

/** Who waits: of one address that failed too often, and of all. */
const most = { each: 20, all: 1_000 };

export function createTurnstile(throttle: Throttle): Turnstile {
  const lines = new Map<string, { last: Promise<unknown>; count: number }>();
  let waiting = 0;

  async function look(address: string, isRight: () => boolean, before?: Promise<unknown>): Promise<boolean> {
    await before;
    const milliseconds = throttle.wait(address);
    if (milliseconds > 0) await delay(milliseconds, undefined, { ref: false });
    const right = isRight();
    // Before the next in line asks how long it has to wait.
    if (right) throttle.succeeded(address);
    else throttle.failed(address);
    return right;
  }

  return {
    async turn(address, isRight) {
      if (isLoopback(address)) return isRight();
      const line = lines.get(address) ?? { last: Promise.resolve(), count: 0 };
      const milliseconds = throttle.wait(address);
      if (waiting >= most.all || (milliseconds > 0 && line.count >= most.each)) throw tooMany(milliseconds);
      lines.set(address, line);
      const result = look(address, isRight, line.last);
      line.last = result;
      line.count += 1;
      waiting += 1;
      const right = await result;
      line.count -= 1;
      waiting -= 1;
      if (line.count === 0) lines.delete(address);
      return right;
    },
  };
}

/** Whose failures are counted together: whoever has one IPv6 address has the 2^64 beside it. */
export function neighbourhood(address: string): string {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, "");
  if (!isIPv6(plain) || isLoopback(plain)) return plain;
  const [front = "", back] = plain.replace(/%.*$/, "").split("::");
  const groups = front === "" ? [] : front.split(":");
  const rest = back === undefined || back === "" ? [] : back.split(":");
  const all = [...groups, ...Array.from({ length: Math.max(0, 8 - groups.length - rest.length) }, () => "0"), ...rest];
  return `${all.slice(0, 4).join(":")}::/64`;
}

function tooMany(milliseconds: number): AppError {
  const retryAfter = Math.max(1, Math.ceil((milliseconds * most.each) / 1_000));
  const message = `Too many passwords from this address were wrong, and as many wait to be looked at as may: try again in ${retryAfter} s.`;
  return new AppError("TooManyRequestsError", message, { retryAfter });
}
