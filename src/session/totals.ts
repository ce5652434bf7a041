import type { Tokens } from "../schema/message.ts";
import type { Session } from "../schema/session.ts";

/** The session with a step's tokens and cost (dollars) added to its running totals. */
export function addTotals(session: Session, { tokens, cost }: { tokens: Tokens; cost: number }): Session {
  const before = session.tokens ?? { input: 0, output: 0, reasoning: 0, cache: { read: 0, write: 0 } };
  return {
    ...session,
    cost: (session.cost ?? 0) + cost,
    tokens: {
      input: before.input + tokens.input,
      output: before.output + tokens.output,
      reasoning: before.reasoning + tokens.reasoning,
      cache: { read: before.cache.read + tokens.cache.read, write: before.cache.write + tokens.cache.write },
    },
    time: { ...session.time, updated: Date.now() },
  };
}
