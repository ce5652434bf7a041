import { randomBytes } from "node:crypto";
import { z } from "zod";

/**
 * Sortable ids: `PREFIX_` + 12 hex digits + 14 base-62 characters. The hex is `(ms * 4096 + counter) mod 2^48`, and the
 * counter restarts at 1 each millisecond, so ids of one prefix made by one process sort by creation. Sessions take the
 * bitwise complement: the newest sorts first. The time part wraps about every 2.2 years, so an id is a label and never a cursor.
 */
const prefixes = {
  session: "ses",
  message: "msg",
  part: "prt",
  event: "evt",
  permission: "per",
  question: "que",
  server: "srv",
  tool: "tool",
  memory: "mem",
  token: "tok",
} as const;

export type IdKind = keyof typeof prefixes;

const base62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const timeMask = (1n << 48n) - 1n;
let lastTime = 0;
let counter = 0;

/** A new id. Within one process, ids of the same kind are strictly monotonic (descending for sessions), even if the clock steps back. */
export function createId(kind: IdKind, now = Date.now()): string {
  if (now > lastTime) {
    lastTime = now;
    counter = 0;
  }
  counter += 1;
  const ticks = (BigInt(lastTime) * 4096n + BigInt(counter)) & timeMask;
  const time = kind === "session" ? ~ticks & timeMask : ticks;
  return `${prefixes[kind]}_${time.toString(16).padStart(12, "0")}${randomText(14)}`;
}

function randomText(length: number): string {
  // 62 * 4 = 248: bytes above are dropped so that every character is equally likely.
  let text = "";
  while (text.length < length) {
    const byte = nextByte();
    if (byte < 248) text += base62[byte % 62];
  }
  return text;
}

// Each event has an id, and asking the system for bytes costs far more than the bytes: they are drawn many at a time, and used once.
let pool = Buffer.alloc(0);
let used = 0;

function nextByte(): number {
  if (used === pool.length) {
    pool = randomBytes(4096);
    used = 0;
  }
  used += 1;
  return pool[used - 1] ?? 0;
}

export const SessionID = z.string().regex(/^ses/, 'must start with "ses"');
export const MessageID = z.string().regex(/^msg/, 'must start with "msg"');
export const PartID = z.string().regex(/^prt/, 'must start with "prt"');
export const EventID = z.string().regex(/^evt_/, 'must start with "evt_"');
export const PermissionID = z.string().regex(/^per/, 'must start with "per"');
export const QuestionID = z.string().regex(/^que/, 'must start with "que"');

/** An id in an address: documented with its pattern, not enforced, so that an unknown id is one thing (404) however it is spelt. */
export const addressed = {
  session: z.string().meta({ pattern: "^ses" }),
  message: z.string().meta({ pattern: "^msg" }),
  part: z.string().meta({ pattern: "^prt" }),
  permission: z.string().meta({ pattern: "^per" }),
  question: z.string().meta({ pattern: "^que" }),
  token: z.string().meta({ pattern: "^tok" }),
};
