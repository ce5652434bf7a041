import { z } from "zod";
import { AuditRecord, AuditReport } from "../src/schema/audit.ts";
import { procedure, router } from "./trpc.ts";

const tags = ["audit"];

export const auditRouter = router({
  list: procedure
    .meta({
      scope: "admin",
      openapi: {
        method: "GET",
        path: "/audit",
        operationId: "audit.list",
        tags,
        summary: "List who did what",
        description:
          "Approvals, prompts, changes of configuration, credentials and tokens, newest first: ids, never content. `before` takes a `sequence`.",
      },
    })
    .input(z.object({ before: z.int().min(1).optional(), limit: z.int().min(1).max(1000).optional() }))
    .output(z.array(AuditRecord))
    .query(({ ctx, input }) => ctx.app.audit.list(input)),

  verify: procedure
    .meta({
      scope: "admin",
      openapi: {
        method: "GET",
        path: "/audit/verify",
        operationId: "audit.verify",
        tags,
        summary: "Check the audit trail",
        description:
          "Whether an entry was changed or removed. `head`, as noted from an earlier check, shows also whether all was rewritten.",
      },
    })
    .input(
      z.object({
        head: z
          .string()
          .regex(/^\d+:[0-9a-f]{64}$/, "must be sequence:hash")
          .optional(),
      }),
    )
    .output(AuditReport)
    .query(({ ctx, input }) => ctx.app.audit.verify(input)),
});
