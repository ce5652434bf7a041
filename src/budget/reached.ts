import type { MessageError } from "../schema/message.ts";
import { toDollars } from "./amount.ts";
import { nextDay, type Room } from "./limits.ts";

/** A cap that has no room for the next call. */
export interface Reached {
  message: string;
  error: MessageError;
  /** When to look again (epoch ms): the cap of a day is free at the next one, of the others nobody knows. */
  next: number;
}

/** The longest that a client's timer can wait: 25 days. */
const longest = 2 ** 31 - 1;

/** Says which cap it was, what is gone of it, what was wanted, and how to go on. */
export function reached(room: Room, needed: number, now: number): Reached {
  const { scope, unit, cap, used } = room;
  const amount = (value: number) => amountOf(value, unit);
  const message =
    `Budget reached: ${whose[scope]} cap is ${amount(cap)}, ${amount(used)} are used, and the next call may come to ${amount(needed)}. ` +
    `${howTo(room)} Prompts sent meanwhile wait.`;
  const metadata = {
    budget: scope,
    unit,
    cap: String(plain(cap, unit)),
    used: String(plain(used, unit)),
    needed: String(plain(needed, unit)),
  };
  return {
    message,
    error: { name: "APIError", data: { message, isRetryable: false, metadata } },
    next: scope === "day" ? nextDay(now) : now + longest,
  };
}

const whose = { session: "this session's", project: "this project's", day: "today's" };

function howTo({ scope, unit }: Room): string {
  if (scope === "session") return `Raise it with PUT /session/{sessionID}/budget, or with budget.session.${unit} in the configuration.`;
  const raise = `Raise budget.${scope}.${unit} in the configuration`;
  return scope === "day" ? `${raise}, or wait until 00:00 UTC.` : `${raise}.`;
}

export function amountOf(value: number, unit: Room["unit"]): string {
  return unit === "tokens" ? `${value.toLocaleString("en")} tokens` : `$${Number(toDollars(value).toPrecision(4))}`;
}

const plain = (value: number, unit: Room["unit"]): number => (unit === "tokens" ? value : toDollars(value));
