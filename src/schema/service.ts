import { z } from "zod";

export const LSPStatus = z
  .object({ id: z.string(), name: z.string(), root: z.string(), status: z.enum(["connected", "error"]) })
  .meta({ id: "LSPStatus" });
export type LSPStatus = z.infer<typeof LSPStatus>;

export const FormatterStatus = z
  .object({ name: z.string(), extensions: z.array(z.string()), enabled: z.boolean() })
  .meta({ id: "FormatterStatus" });
export type FormatterStatus = z.infer<typeof FormatterStatus>;

export const MCPStatusConnected = z.object({ status: z.literal("connected") }).meta({ id: "MCPStatusConnected" });
export type MCPStatusConnected = z.infer<typeof MCPStatusConnected>;

export const MCPStatusDisabled = z.object({ status: z.literal("disabled") }).meta({ id: "MCPStatusDisabled" });
export type MCPStatusDisabled = z.infer<typeof MCPStatusDisabled>;

export const MCPStatusFailed = z.object({ status: z.literal("failed"), error: z.string() }).meta({ id: "MCPStatusFailed" });
export type MCPStatusFailed = z.infer<typeof MCPStatusFailed>;

export const MCPStatusNeedsAuth = z.object({ status: z.literal("needs_auth") }).meta({ id: "MCPStatusNeedsAuth" });
export type MCPStatusNeedsAuth = z.infer<typeof MCPStatusNeedsAuth>;

export const MCPStatusNeedsClientRegistration = z
  .object({ status: z.literal("needs_client_registration"), error: z.string() })
  .meta({ id: "MCPStatusNeedsClientRegistration" });
export type MCPStatusNeedsClientRegistration = z.infer<typeof MCPStatusNeedsClientRegistration>;

export const MCPStatus = z
  .union([MCPStatusConnected, MCPStatusDisabled, MCPStatusFailed, MCPStatusNeedsAuth, MCPStatusNeedsClientRegistration])
  .meta({ id: "MCPStatus" });
export type MCPStatus = z.infer<typeof MCPStatus>;

export const McpResource = z
  .object({
    name: z.string(),
    uri: z.string(),
    description: z.string().optional(),
    mimeType: z.string().optional(),
    client: z.string(),
  })
  .meta({ id: "McpResource" });
export type McpResource = z.infer<typeof McpResource>;

export const ToolIDs = z.array(z.string()).meta({ id: "ToolIDs" });
export type ToolIDs = z.infer<typeof ToolIDs>;

export const ToolListItem = z.object({ id: z.string(), description: z.string(), parameters: z.unknown() }).meta({ id: "ToolListItem" });
export type ToolListItem = z.infer<typeof ToolListItem>;

export const ToolList = z.array(ToolListItem).meta({ id: "ToolList" });
export type ToolList = z.infer<typeof ToolList>;

/** What a tool that was called by itself has done, and where the call is on record. */
export const ToolAnswer = z
  .object({
    title: z.string(),
    output: z.string(),
    metadata: z.record(z.string(), z.unknown()),
    attachments: z.array(z.object({ mime: z.string(), url: z.string(), filename: z.string().optional() })).optional(),
    sessionID: z.string(),
    messageID: z.string(),
    callID: z.string(),
  })
  .meta({ id: "ToolAnswer" });
export type ToolAnswer = z.infer<typeof ToolAnswer>;
