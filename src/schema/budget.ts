import { z } from "zod";
import { SessionID } from "./id.ts";

/** Counted in billionths: beyond nine million of them a sum would not be exact. */
const Dollars = z.number().min(0).max(1_000_000);

/** What may be spent: tokens of any kind, and dollars. What is left out is not limited. */
export const BudgetCap = z.object({ tokens: z.int().min(0).optional(), cost: Dollars.optional() });
export type BudgetCap = z.infer<typeof BudgetCap>;

/**
 * Caps of the configuration. `session`: of each session, with all that its sub-agents use. `project`: of a project, ever. `day`: of one day
 * (UTC, so that it is the same day for every server on the store), all projects of the store together.
 */
export const BudgetConfig = z.object({ session: BudgetCap.optional(), project: BudgetCap.optional(), day: BudgetCap.optional() });
export type BudgetConfig = z.infer<typeof BudgetConfig>;

const Amount = z.object({ tokens: z.number(), cost: z.number() });

const Scope = z.object({
  cap: BudgetCap,
  used: Amount,
  /** Held by calls that run now, as upper bounds. */
  reserved: Amount,
  /** What the caps leave; missing where there is none. Never below 0. */
  left: z.object({ tokens: z.number().optional(), cost: z.number().optional() }),
  /** Of the used, what providers reported beyond what was reserved for the call. */
  excess: Amount,
});
export type BudgetScope = z.infer<typeof Scope>;

export const SessionBudget = z
  .object({
    /** The session whose cap it is: the one that was not made by another. */
    sessionID: SessionID,
    session: Scope,
    project: Scope,
    day: Scope.extend({ date: z.string() }),
    /** Set while the session has reached a cap: its prompts wait. */
    paused: z.object({ message: z.string(), since: z.number(), next: z.number() }).optional(),
  })
  .meta({ id: "SessionBudget" });
export type SessionBudget = z.infer<typeof SessionBudget>;

/** A session's own cap. What is left out stays; null takes the limit away. */
export const BudgetChange = z.object({ tokens: z.int().min(0).nullable().optional(), cost: Dollars.nullable().optional() });
export type BudgetChange = z.infer<typeof BudgetChange>;
