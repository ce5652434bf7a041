import { z } from "zod";

/** What was looked at and found. `fail`: codeport cannot work so; `warn`: something works less well, or not as was meant. */
export const Finding = z.object({ check: z.string(), status: z.enum(["ok", "warn", "fail"]), message: z.string() }).meta({ id: "Finding" });
export type Finding = z.infer<typeof Finding>;
