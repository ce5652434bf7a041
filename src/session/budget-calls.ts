import { accountOf } from "./budget.ts";
import { knownSession } from "./catalogue.ts";
import type { SessionOptions } from "./options.ts";
import type { Runner } from "./runner.ts";
import type { SessionService } from "./session.ts";

/** What clients ask of budgets. */
export function createBudgetCalls(
  options: SessionOptions,
  { runner }: { runner: Pick<Runner, "kick"> },
): Pick<SessionService, "budget" | "setBudget"> {
  const { budgets, database } = options;
  return {
    budget: async (id) => budgets.view(accountOf(options, await knownSession(database.orm, id))),
    async setBudget(id, change) {
      const account = accountOf(options, await knownSession(database.orm, id));
      await budgets.change(account, change);
      const after = await budgets.view(account);
      for (const { sessionID } of await budgets.waiting(await budgets.rootOf(account))) runner.kick(sessionID);
      return after;
    },
  };
}
