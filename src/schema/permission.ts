import { z } from "zod";
import { PermissionID, SessionID } from "./id.ts";

export const PermissionRequest = z
  .object({
    id: PermissionID,
    sessionID: SessionID,
    permission: z.string(),
    patterns: z.array(z.string()),
    metadata: z.record(z.string(), z.unknown()),
    always: z.array(z.string()),
    tool: z.object({ messageID: z.string(), callID: z.string() }).optional(),
  })
  .meta({ id: "PermissionRequest" });
export type PermissionRequest = z.infer<typeof PermissionRequest>;

/** What a person may answer. */
export const PermissionReply = z.enum(["once", "session", "always", "reject"]);
export type PermissionReply = z.infer<typeof PermissionReply>;

/** OpenCode's answers, and all that events know: its clients would not understand another one. */
export const RecordedReply = PermissionReply.exclude(["session"]);
export type RecordedReply = z.infer<typeof RecordedReply>;

export const PermissionActionConfig = z.enum(["ask", "allow", "deny"]).meta({ id: "PermissionActionConfig" });
export type PermissionActionConfig = z.infer<typeof PermissionActionConfig>;

export const PermissionObjectConfig = z.record(z.string(), PermissionActionConfig).meta({ id: "PermissionObjectConfig" });
export type PermissionObjectConfig = z.infer<typeof PermissionObjectConfig>;

export const PermissionRuleConfig = z.union([PermissionActionConfig, PermissionObjectConfig]).meta({ id: "PermissionRuleConfig" });
export type PermissionRuleConfig = z.infer<typeof PermissionRuleConfig>;

export const PermissionConfig = z
  .union([
    PermissionActionConfig,
    z
      .object({
        read: PermissionRuleConfig.optional(),
        edit: PermissionRuleConfig.optional(),
        glob: PermissionRuleConfig.optional(),
        grep: PermissionRuleConfig.optional(),
        list: PermissionRuleConfig.optional(),
        bash: PermissionRuleConfig.optional(),
        task: PermissionRuleConfig.optional(),
        external_directory: PermissionRuleConfig.optional(),
        todowrite: PermissionActionConfig.optional(),
        question: PermissionActionConfig.optional(),
        webfetch: PermissionActionConfig.optional(),
        websearch: PermissionActionConfig.optional(),
        lsp: PermissionRuleConfig.optional(),
        doom_loop: PermissionActionConfig.optional(),
        skill: PermissionRuleConfig.optional(),
      })
      .catchall(PermissionRuleConfig),
  ])
  .meta({ id: "PermissionConfig" });
export type PermissionConfig = z.infer<typeof PermissionConfig>;
