import { z } from "zod";
import { SessionID } from "./id.ts";

export const UsageDimension = z.enum(["day", "project", "model", "session"]);
export type UsageDimension = z.infer<typeof UsageDimension>;

/** What calls came to. The kinds of tokens are those that providers counted: calls that nobody counted are in `total` only. */
const Spent = z.object({
  calls: z.int().min(0),
  tokens: z.object({
    total: z.number(),
    input: z.number().meta({ description: "Without what came from the cache or went there." }),
    output: z.number(),
    reasoning: z.number(),
    cache: z.object({ read: z.number(), write: z.number() }),
  }),
  cost: z.number().meta({ description: "Dollars." }),
});

/** The fields that say whose calls they were are those that were asked for with `by`. */
export const UsageRow = Spent.extend({
  day: z.string().optional().meta({ description: "As in 2026-01-31, in the time zone that was asked for." }),
  projectID: z.string().optional(),
  providerID: z.string().optional(),
  modelID: z.string().optional(),
  sessionID: SessionID.optional(),
  title: z.string().optional().meta({ description: "Of the session; none of one that was deleted." }),
}).meta({ id: "UsageRow" });
export type UsageRow = z.infer<typeof UsageRow>;

export const UsageReport = z
  .object({
    items: z.array(UsageRow),
    total: Spent,
    more: z.boolean().meta({ description: "There are more rows than were asked for. The total counts all." }),
  })
  .meta({ id: "UsageReport" });
export type UsageReport = z.infer<typeof UsageReport>;
