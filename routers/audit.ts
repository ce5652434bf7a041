import { z } from "zod";
import { AuditRecord, AuditReport } from "../src/schema/audit.ts";
import { procedure, router } from "./trpc.ts";

const tags = ["audit"];

const Query = z.object({
  before: z.int().min(1).optional(),
  limit: z.int().min(1).max(1000).optional(),
  action: z.string().min(1).optional(),
  actor: z.string().min(1).optional(),
  id: z.string().min(1).optional(),
  from: z.int().min(0).optional(),
  to: z.int().min(0).optional(),
});

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
          "Approvals, prompts, changes of configuration, credentials and tokens, newest first: ids, never content. `before` takes a `sequence`. `action` " +
          "is a procedure's name or, with a dot at its end, what it begins with (`token.`); `actor` is as it is in the answer; `id` is anywhere in the subject; `from` " +
          "and `to` (not included) are epoch ms.",
      },
    })
    .input(Query)
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
