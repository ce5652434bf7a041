import type { Orm } from "../../db/client.ts";
import { findSessionCap } from "../../db/queries/budget.ts";
import { type Amount, findSpent, type Meter, type Spent } from "../../db/queries/usage.ts";
import type { BudgetCap, BudgetConfig } from "../schema/budget.ts";
import { fromDollars } from "./amount.ts";

export type ScopeName = keyof BudgetConfig;

/** Whose spending is added up: what a call of a session counts towards. */
export type Meters = Record<ScopeName, Meter>;

/** One cap: so much of a unit (tokens, billionths of a dollar) in a scope. */
export interface Limit {
  scope: ScopeName;
  unit: keyof Amount;
  cap: number;
  meter: Meter;
}

/** A cap, and what of it is gone. */
export interface Room extends Limit {
  used: number;
  reserved: number;
}

const noCap = -1;

/** The configuration's caps, with the session's own in place of those it replaces. */
export async function capsOf(orm: Orm, rootID: string, config: BudgetConfig): Promise<Record<ScopeName, BudgetCap>> {
  const own = await findSessionCap(orm, rootID);
  const { session = {}, project = {}, day = {} } = config;
  const pick = (value: number | null, configured: number | undefined, scale: number) =>
    value === null ? configured : value === noCap ? undefined : value / scale;
  return { session: { tokens: pick(own.tokens, session.tokens, 1), cost: pick(own.cost, session.cost, fromDollars(1)) }, project, day };
}

export function limitsOf(caps: Record<ScopeName, BudgetCap>, meters: Meters): Limit[] {
  return (Object.keys(meters) as ScopeName[]).flatMap((scope): Limit[] => {
    const { tokens, cost } = caps[scope];
    const meter = meters[scope];
    return [
      ...(tokens === undefined ? [] : [{ scope, unit: "tokens" as const, cap: tokens, meter }]),
      ...(cost === undefined ? [] : [{ scope, unit: "cost" as const, cap: fromDollars(cost), meter }]),
    ];
  });
}

/** The limits as they stand now. */
export async function roomsOf(orm: Orm, limits: Limit[]): Promise<Room[]> {
  const spent = new Map<Meter, Spent>();
  for (const { meter } of limits) if (!spent.has(meter)) spent.set(meter, await findSpent(orm, meter));
  return limits.map((limit) => {
    const { used, reserved } = spent.get(limit.meter) as Spent;
    return { ...limit, used: used[limit.unit], reserved: reserved[limit.unit] };
  });
}

/** The cap that has no room for this amount, however many calls end meanwhile. */
export function exhausted(rooms: Room[], needed: Amount): Room | undefined {
  return rooms.find(({ used, unit, cap }) => used + needed[unit] > cap);
}

/** The day a moment belongs to (UTC), as in 2026-01-31. */
export const dayOf = (time: number): string => new Date(time).toISOString().slice(0, 10);

/** The first moment of the day after it. */
export const nextDay = (time: number): number => Date.parse(dayOf(time)) + 86_400_000;
