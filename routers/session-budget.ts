import { z } from "zod";
import { BudgetChange, SessionBudget } from "../src/schema/budget.ts";
import { addressed } from "../src/schema/id.ts";
import { procedure } from "./trpc.ts";

const tags = ["session"];
const Address = z.object({ sessionID: addressed.session });

/** What a session may spend. */
export const budgetProcedures = {
  budget: procedure
    .meta({
      scope: "read",
      openapi: {
        method: "GET",
        path: "/session/{sessionID}/budget",
        operationId: "session.budget",
        tags,
        summary: "The budget of a session",
        description:
          "What may be spent, is spent, is held by calls that run now, and is left: of the session (with all its sub-agents), of its project, and of this " +
          "day (UTC, all projects). Costs are dollars. `paused` is there while the session waits for room: `next` is when a cap is known to be free again.",
      },
    })
    .input(Address)
    .output(SessionBudget)
    .query(({ ctx, input }) => ctx.app.sessions.budget(input.sessionID)),

  setBudget: procedure
    .meta({
      scope: "admin",
      openapi: {
        method: "PUT",
        path: "/session/{sessionID}/budget",
        operationId: "session.setBudget",
        tags,
        summary: "Set the budget of a session",
        description:
          "Caps the tokens and the cost (dollars) of the session and all its sub-agents, in place of the configuration's `budget.session`. What is left out " +
          "stays, null takes a cap away. A paused session goes on with the prompts that wait as soon as there is room for its next call.",
      },
    })
    .input(Address.extend(BudgetChange.shape))
    .output(SessionBudget)
    .mutation(({ ctx, input: { sessionID, ...change } }) => ctx.app.sessions.setBudget(sessionID, change)),
};
