import { z } from "zod";

/** Who did something: `owner` (the password), `local` (no password is set), `command line`, `token tok_…`, `tool …`. */
export interface Actor {
  name: string;
  /** Where the request came from; none for the command line. */
  address?: string;
}

/** What is put on record. `subject`: ids and fixed words by their names, never content. */
export interface AuditEntry {
  actor: Actor;
  /** The procedure's name, as `permission.reply`. */
  action: string;
  subject?: Record<string, string>;
  directory?: string;
}

export const AuditRecord = z
  .object({
    sequence: z.number(),
    /** Epoch milliseconds. */
    time: z.number(),
    actor: z.string(),
    action: z.string(),
    subject: z.record(z.string(), z.string()),
    directory: z.string().optional(),
    address: z.string().optional(),
    /** None on the newest entries, for a moment. */
    hash: z.string().optional(),
  })
  .meta({ id: "AuditRecord" });
export type AuditRecord = z.infer<typeof AuditRecord>;

export const AuditReport = z
  .object({
    intact: z.boolean(),
    entries: z.number(),
    /** The newest entry that has a hash, as `sequence:hash`: noted elsewhere, it shows later that nothing before it was rewritten or cut off. */
    head: z.string().optional(),
    faults: z.array(z.object({ sequence: z.number(), fault: z.string() })),
  })
  .meta({ id: "AuditReport" });
export type AuditReport = z.infer<typeof AuditReport>;
