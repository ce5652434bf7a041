import { z } from "zod";
import { MessageID, PartID, SessionID } from "./id.ts";

export const SnapshotFileDiff = z
  .object({
    file: z.string().optional(),
    patch: z.string().optional(),
    additions: z.number(),
    deletions: z.number(),
    status: z.enum(["added", "deleted", "modified"]).optional(),
  })
  .meta({ id: "SnapshotFileDiff" });
export type SnapshotFileDiff = z.infer<typeof SnapshotFileDiff>;

export const PermissionAction = z.enum(["allow", "deny", "ask"]).meta({ id: "PermissionAction" });
export type PermissionAction = z.infer<typeof PermissionAction>;

export const PermissionRule = z
  .object({ permission: z.string(), pattern: z.string(), action: PermissionAction })
  .meta({ id: "PermissionRule" });
export type PermissionRule = z.infer<typeof PermissionRule>;

export const PermissionRuleset = z.array(PermissionRule).meta({ id: "PermissionRuleset" });
export type PermissionRuleset = z.infer<typeof PermissionRuleset>;

/** What people sort their sessions by. */
export const Tags = z.array(z.string().trim().regex(/\S/, "A tag needs a character.").max(50)).max(20);

export const Session = z
  .object({
    id: SessionID,
    slug: z.string(),
    projectID: z.string(),
    workspaceID: z.string().regex(/^wrk/).optional(),
    directory: z.string(),
    path: z.string().optional(),
    parentID: SessionID.optional(),
    summary: z
      .object({ additions: z.number(), deletions: z.number(), files: z.number(), diffs: z.array(SnapshotFileDiff).optional() })
      .optional(),
    cost: z.number().optional(),
    tokens: z
      .object({ input: z.number(), output: z.number(), reasoning: z.number(), cache: z.object({ read: z.number(), write: z.number() }) })
      .optional(),
    share: z.object({ url: z.string() }).optional(),
    title: z.string(),
    agent: z.string().optional(),
    model: z.object({ id: z.string(), providerID: z.string(), variant: z.string().optional() }).optional(),
    version: z.string(),
    metadata: z.record(z.string(), z.unknown()).optional(),
    tags: z.array(z.string()).optional(),
    time: z.object({
      created: z.int().min(0),
      updated: z.int().min(0),
      compacting: z.int().min(0).optional(),
      archived: z.number().optional(),
    }),
    permission: PermissionRuleset.optional(),
    revert: z
      .object({ messageID: MessageID, partID: PartID.optional(), snapshot: z.string().optional(), diff: z.string().optional() })
      .optional(),
  })
  .meta({ id: "Session" });
export type Session = z.infer<typeof Session>;

export const SessionStatus = z
  .union([
    z.object({ type: z.literal("idle") }),
    z.object({
      type: z.literal("retry"),
      attempt: z.int().min(0),
      message: z.string(),
      action: z
        .object({
          reason: z.string(),
          provider: z.string(),
          title: z.string(),
          message: z.string(),
          label: z.string(),
          link: z.string().optional(),
        })
        .optional(),
      next: z.int().min(0),
    }),
    z.object({ type: z.literal("busy") }),
  ])
  .meta({ id: "SessionStatus" });
export type SessionStatus = z.infer<typeof SessionStatus>;

export const Todo = z.object({ content: z.string(), status: z.string(), priority: z.string() }).meta({ id: "Todo" });
export type Todo = z.infer<typeof Todo>;
