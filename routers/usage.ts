import { z } from "zod";
import { SessionID } from "../src/schema/id.ts";
import { UsageDimension, UsageReport } from "../src/schema/usage.ts";
import { placesOf } from "./place.ts";
import { procedure, router } from "./trpc.ts";

const Query = z.object({
  by: z.array(UsageDimension).optional().describe("One row for each combination; day and model unless told."),
  from: z.int().min(0).optional().describe("Epoch ms."),
  to: z.int().min(0).optional().describe("Epoch ms, not included."),
  offset: z.int().min(-840).max(840).optional().describe("Minutes that the caller's clock is ahead of UTC, for the days; 0 unless told."),
  projectID: z.string().optional(),
  sessionID: SessionID.optional(),
  providerID: z.string().optional(),
  modelID: z.string().optional(),
  limit: z.int().min(1).max(10_000).optional().describe("Rows; 1,000 unless told."),
});

export const usageRouter = router({
  report: procedure
    .meta({
      scope: "read",
      openapi: {
        method: "GET",
        path: "/usage",
        operationId: "usage.report",
        tags: ["usage"],
        summary: "What was spent, by day, project, model or session",
        description:
          "Tokens and cost of the calls that have ended, also of those beside turns (titles, summaries) and of sessions that were deleted since. Latest " +
          "day first, then the most tokens.",
      },
    })
    .input(Query)
    .output(UsageReport)
    .query(({ ctx, input: { by = ["day", "model"], limit = 1000, offset = 0, ...query } }) => {
      const deleted = ctx.principal.directories === undefined;
      return ctx.app.usage.report({ ...query, offset, deleted, within: placesOf(ctx) }, { by, limit });
    }),
});
