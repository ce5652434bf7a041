import type { Tokens } from "../schema/message.ts";
import type { Session } from "../schema/session.ts";

export const noTokens: Tokens = { input: 0, output: 0, reasoning: 0, cache: { read: 0, write: 0 } };

/** Sums of token counts; the total is left out. */
export function addTokens(one: Tokens, other: Tokens): Tokens {
  return {
    input: one.input + other.input,
    output: one.output + other.output,
    reasoning: one.reasoning + other.reasoning,
    cache: { read: one.cache.read + other.cache.read, write: one.cache.write + other.cache.write },
  };
}

/** The session with a step's tokens and cost (dollars) added to its running totals. */
export function addTotals(session: Session, { tokens, cost }: { tokens: Tokens; cost: number }): Session {
  return {
    ...session,
    cost: (session.cost ?? 0) + cost,
    tokens: addTokens(session.tokens ?? noTokens, tokens),
    time: { ...session.time, updated: Date.now() },
  };
}
