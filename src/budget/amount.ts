import type { Amount } from "../../db/queries/usage.ts";
import type { Tokens } from "../schema/message.ts";

/** Costs are counted in billionths of a dollar: sums of whole numbers are exact. */
const billion = 1_000_000_000;

/** Rounded up: a reservation must not be a fraction too small. */
export const fromDollars = (dollars: number): number => Math.ceil(dollars * billion - 1e-6);

export const toDollars = (cost: number): number => cost / billion;

/** All that a call put through the model, whatever it was counted as. */
export function totalOf({ input, output, reasoning, cache }: Tokens): number {
  return Math.ceil(input + output + reasoning + cache.read + cache.write);
}

/** An amount as clients see it, the cost in dollars. */
export function shown({ tokens, cost }: Amount): Amount {
  return { tokens, cost: toDollars(cost) };
}
