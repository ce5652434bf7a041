import { randomUUID } from "node:crypto";
import { type Database, isGuardFailure } from "../../db/client.ts";
import { savePause } from "../../db/queries/budget.ts";
import { type Amount, insertUsage, lastCounted, requireBelow, settleUsage } from "../../db/queries/usage.ts";
import type { ModelOutcome, Reservation, TurnBudget } from "../agent/turn.ts";
import type { MessageError, Tokens } from "../schema/message.ts";
import { type Account, type Standing, standingOf } from "./account.ts";
import { fromDollars, totalOf } from "./amount.ts";
import { inputBound, inputEstimate, type Measured, measure } from "./bound.ts";
import type { Freed } from "./freed.ts";
import { exhausted, type Room, roomsOf } from "./limits.ts";
import { reached } from "./reached.ts";

/** The model that is to be called. */
export interface Payee {
  providerID: string;
  modelID: string;
  /** Tokens that an answer can have; 0: nobody said. */
  longestAnswer: number;
  /** Tokens that the model may think beside its answer, over and above what the answer is capped to. */
  thinking: number;
  price(tokens: Tokens): number;
}

export interface ReserveOptions {
  database: Database;
  serverID: string;
  freed: Freed;
  /** Told what a provider reported beyond what was reserved. */
  onExcess(account: Account, payee: Payee, excess: Amount): void;
}

/** The longest answer that is paid for at all, as without a budget nobody waits for more. */
const longest = 32_000;
/** The longest of a model that nobody knows the limit of: its server may refuse more. */
const longestUnknown = 8_192;
/** An answer shorter than this is of no use. */
const shortest = 200;
/** For an answer of this length it is worth waiting until calls that run now give back what they do not need. */
const comfortable = 2_000;

const aborted: MessageError = { name: "MessageAbortedError", data: { message: "Aborted" } };

/** The budget of one turn's calls. `pauses`: a session that reaches a cap here is paused by it. */
export function createTurnBudget(options: ReserveOptions, account: Account, payee: Payee & { pauses: boolean }): TurnBudget {
  const { orm } = options.database;
  return {
    async reserve({ signal, ...call }) {
      const measured = measure(call);
      for (;;) {
        if (signal.aborted) return { refused: aborted };
        const now = Date.now();
        const standing = await standingOf(orm, account, now);
        const known = await lastCounted(orm, { sessionID: account.session.id, ...payee });
        const quote = quoteFor(payee, inputBound(measured, known));
        const rooms = await roomsOf(orm, standing.limits);
        const full = exhausted(rooms, quote.least);
        if (full) return { refused: await refuse(options, { account, payee, standing, full, needed: quote.least, now }) };
        const output = quote.affordable(rooms, "free");
        if (output < Math.min(comfortable + payee.thinking, quote.affordable(rooms, "unused"))) await options.freed.next(signal);
        else {
          const taken = await take(options, { account, payee, standing, measured, quote, output, now });
          if (taken) return taken;
        }
      }
    },
  };
}

interface Quote {
  input: number;
  /** What the call comes to with the shortest answer of use. */
  least: Amount;
  amount(output: number): Amount;
  /** The longest answer (tokens, what is thought included) that fits: beside what is reserved (`free`), or once all that is given back (`unused`). */
  affordable(rooms: Room[], of: "free" | "unused"): number;
}

function quoteFor({ longestAnswer, thinking, price }: Payee, input: number): Quote {
  const limit = Math.min(longestAnswer || longestUnknown, longest) + thinking;
  const none: Tokens = { input: 0, output: 0, reasoning: 0, cache: { read: 0, write: 0 } };
  // Whether it will come from the cache or go there nobody knows yet: the dearest counts.
  const inputs: Tokens[] = [
    { ...none, input },
    { ...none, cache: { read: input, write: 0 } },
    { ...none, cache: { read: 0, write: input } },
  ];
  const costOf = (output: number) => Math.max(...inputs.map((tokens) => fromDollars(price({ ...tokens, output }))));
  const amount = (output: number): Amount => ({ tokens: input + output, cost: costOf(output) });
  const fits = (output: number, room: Room, gone: number) => gone + amount(output)[room.unit] <= room.cap;
  return {
    input,
    least: amount(Math.min(limit, shortest + thinking)),
    amount,
    affordable(rooms, of) {
      const within = (output: number) => rooms.every((room) => fits(output, room, room.used + (of === "free" ? room.reserved : 0)));
      return greatest(limit, within);
    },
  };
}

/** The greatest whole number up to a limit for which a condition holds that holds for all below it too; -1 where it holds for none. */
function greatest(limit: number, holds: (value: number) => boolean): number {
  if (holds(limit)) return limit;
  let [low, high] = [-1, limit];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (holds(middle)) low = middle;
    else high = middle;
  }
  return low;
}

interface Taking {
  account: Account;
  payee: Payee;
  standing: Standing;
  measured: Measured;
  quote: Quote;
  output: number;
  now: number;
}

/** Writes the reservation if it still fits: the condition and the row are one commit, whichever server makes it. Undefined: somebody was quicker. */
async function take(options: ReserveOptions, taking: Taking): Promise<Reservation | undefined> {
  const { orm } = options.database;
  const { account, payee, standing, measured, quote, output, now } = taking;
  const { rootID, date, limits } = standing;
  const { session } = account;
  const amount = quote.amount(output);
  const row = {
    id: randomUUID(),
    sessionID: session.id,
    rootID,
    projectID: session.projectID,
    day: date,
    serverID: options.serverID,
    providerID: payee.providerID,
    modelID: payee.modelID,
    status: "reserved" as const,
    ...amount,
    reservedTokens: amount.tokens,
    reservedCost: amount.cost,
    bytes: measured.bytes + measured.files,
    created: now,
  };
  const guards = limits.flatMap(({ meter, unit, cap }) => requireBelow(orm, meter, { unit, more: amount[unit], cap }));
  try {
    await options.database.write([...guards, insertUsage(orm, row)]);
  } catch (error) {
    if (isGuardFailure(error)) return undefined;
    throw error;
  }
  const counts = limits.some(({ unit }) => amount[unit] > quote.amount(0)[unit]);
  return {
    maxOutputTokens: counts ? output - payee.thinking : undefined,
    settle: (outcome) => settle(options, { ...taking, id: row.id, reserved: amount }, outcome),
  };
}

async function settle(options: ReserveOptions, taken: Taking & { id: string; reserved: Amount }, outcome: ModelOutcome): Promise<void> {
  const { account, payee, reserved, standing } = taken;
  const { status, ...spent } = spentFor(taken, outcome);
  const over = (unit: keyof Amount) => (standing.limits.length === 0 ? 0 : Math.max(0, spent[unit] - reserved[unit]));
  const excess = { tokens: over("tokens"), cost: over("cost") };
  const { tokens } = outcome;
  const input = tokens ? Math.ceil(tokens.input + tokens.cache.read + tokens.cache.write) : null;
  const change = { status, ...spent, excessTokens: excess.tokens, excessCost: excess.cost, input, ...(tokens && partsOf(tokens)) };
  await options.database.write([settleUsage(options.database.orm, taken.id, change)]);
  options.freed.tell();
  if (excess.tokens > 0 || excess.cost > 0) options.onExcess(account, payee, excess);
}

function partsOf({ output, reasoning, cache }: Tokens) {
  return {
    output: Math.ceil(output),
    reasoning: Math.ceil(reasoning),
    cacheRead: Math.ceil(cache.read),
    cacheWrite: Math.ceil(cache.write),
  };
}

function spentFor(
  { measured, quote, payee }: Taking,
  { tokens, refused, said }: ModelOutcome,
): Amount & { status: "reported" | "refused" | "estimated" } {
  if (tokens) return { status: "reported", tokens: totalOf(tokens), cost: fromDollars(payee.price(tokens)) };
  if (refused) return { status: "refused", tokens: 0, cost: 0 };
  const input = inputEstimate(measured, quote.input);
  const output = Math.ceil(said / 4);
  const estimated = { input, output, reasoning: 0, cache: { read: 0, write: 0 } };
  return { status: "estimated", tokens: input + output, cost: fromDollars(payee.price(estimated)) };
}

interface Refusal {
  account: Account;
  payee: { pauses?: boolean };
  standing: Standing;
  full: Room;
  needed: Amount;
  now: number;
}

async function refuse({ database }: ReserveOptions, { account, payee, standing, full, needed, now }: Refusal): Promise<MessageError> {
  const row = { sessionID: account.session.id, rootID: standing.rootID, ...needed, since: now };
  if (payee.pauses) await database.write([savePause(database.orm, row)]);
  return reached(full, needed[full.unit], now).error;
}
