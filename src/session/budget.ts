import { findSession } from "../../db/queries/session.ts";
import type { ModelOutcome, TurnBudget } from "../agent/turn.ts";
import type { Account } from "../budget/budget.ts";
import { price, type ResolvedModel } from "../provider/provider.ts";
import { AppError } from "../schema/error.ts";
import type { Tokens } from "../schema/message.ts";
import type { Session, SessionStatus } from "../schema/session.ts";
import type { SessionOptions } from "./options.ts";

/** The budget of a turn's model calls. `aside`: the call is no part of a turn, and the session is not paused when there is no room for it. */
export function budgetOf(options: SessionOptions, call: { model: ResolvedModel; session: Session; aside?: boolean }): TurnBudget {
  const { model, session, aside = false } = call;
  const { info } = model;
  const payee = { providerID: info.providerID, modelID: info.id, price: (tokens: Tokens) => price(info, tokens) };
  const budget = options.budgets.ofTurn(accountOf(options, session), {
    ...payee,
    longestAnswer: info.limit.output,
    thinking: thinkingOf(model),
    pauses: !aside,
  });
  return told(budget, () => options.activities.call({ sessionID: session.id, ...payee, aside }));
}

/** A call begins when it is paid for and ends when it is settled. */
function told(budget: TurnBudget, begin: () => (outcome: ModelOutcome) => void): TurnBudget {
  return {
    async reserve(call) {
      const reservation = await budget.reserve(call);
      if ("refused" in reservation) return reservation;
      const end = begin();
      return {
        ...reservation,
        settle(outcome) {
          end(outcome);
          return reservation.settle(outcome);
        },
      };
    },
  };
}

/** What a session that waits for a budget says of itself; undefined for one that need not wait. */
export async function pausedStatus(options: SessionOptions, session: Session): Promise<SessionStatus | undefined> {
  const pause = await options.budgets.pauseOf(accountOf(options, session)).catch((error) => {
    // Its directory or configuration cannot be used any more: the turn is to say so, not this.
    if (error instanceof AppError) return undefined;
    throw error;
  });
  if (pause === undefined) return undefined;
  const { message, next } = pause;
  const action = {
    reason: "budget",
    provider: session.model?.providerID ?? "",
    title: "Budget reached",
    message,
    label: "Raise the budget",
  };
  return { type: "retry", attempt: 0, message, action, next };
}

/** The sessions of a directory (of all that this server works in) that wait for a budget, with prompts in them. */
export async function pausedStatuses(options: SessionOptions, directory?: string): Promise<[string, SessionStatus][]> {
  const found: [string, SessionStatus][] = [];
  for (const { sessionID } of await options.budgets.waiting()) {
    const session = await findSession(options.database.orm, sessionID);
    if (session === undefined || !options.serves(session.directory)) continue;
    if (directory !== undefined && session.directory !== directory) continue;
    const status = await pausedStatus(options, session);
    if (status) found.push([sessionID, status]);
  }
  return found;
}

/** Whose money a session spends. */
export function accountOf({ workspace }: SessionOptions, session: Session): Account {
  return { session, config: async () => (await workspace(session.directory)).config.config.budget ?? {} };
}

/** Anthropic's models think beside the answer: what they may is added to the answer's limit on the way out. */
function thinkingOf({ providerOptions }: ResolvedModel): number {
  const { thinking } = providerOptions.anthropic ?? {};
  if (typeof thinking !== "object" || thinking === null || !("budgetTokens" in thinking)) return 0;
  return typeof thinking.budgetTokens === "number" ? thinking.budgetTokens : 0;
}
