import { z } from "zod";
import { MessageID, PartID, SessionID } from "./id.ts";
import { APIError, Tokens } from "./message.ts";

export const FilePartSourceText = z.object({ value: z.string(), start: z.number(), end: z.number() }).meta({ id: "FilePartSourceText" });
export type FilePartSourceText = z.infer<typeof FilePartSourceText>;

export const FileSource = z.object({ text: FilePartSourceText, type: z.literal("file"), path: z.string() }).meta({ id: "FileSource" });
export type FileSource = z.infer<typeof FileSource>;

export const Range = z
  .object({
    start: z.object({ line: z.int().min(0), character: z.int().min(0) }),
    end: z.object({ line: z.int().min(0), character: z.int().min(0) }),
  })
  .meta({ id: "Range" });
export type Range = z.infer<typeof Range>;

export const SymbolSource = z
  .object({ text: FilePartSourceText, type: z.literal("symbol"), path: z.string(), range: Range, name: z.string(), kind: z.int().min(0) })
  .meta({ id: "SymbolSource" });
export type SymbolSource = z.infer<typeof SymbolSource>;

export const ResourceSource = z
  .object({ text: FilePartSourceText, type: z.literal("resource"), clientName: z.string(), uri: z.string() })
  .meta({ id: "ResourceSource" });
export type ResourceSource = z.infer<typeof ResourceSource>;

export const FilePartSource = z.union([FileSource, SymbolSource, ResourceSource]).meta({ id: "FilePartSource" });
export type FilePartSource = z.infer<typeof FilePartSource>;

export const TextPart = z
  .object({
    id: PartID,
    sessionID: SessionID,
    messageID: MessageID,
    type: z.literal("text"),
    text: z.string(),
    synthetic: z.boolean().optional(),
    ignored: z.boolean().optional(),
    time: z.object({ start: z.int().min(0), end: z.int().min(0).optional() }).optional(),
    metadata: z.record(z.string(), z.unknown()).optional(),
  })
  .meta({ id: "TextPart" });
export type TextPart = z.infer<typeof TextPart>;

export const SubtaskPart = z
  .object({
    id: PartID,
    sessionID: SessionID,
    messageID: MessageID,
    type: z.literal("subtask"),
    prompt: z.string(),
    description: z.string(),
    agent: z.string(),
    model: z.object({ providerID: z.string(), modelID: z.string() }).optional(),
    command: z.string().optional(),
  })
  .meta({ id: "SubtaskPart" });
export type SubtaskPart = z.infer<typeof SubtaskPart>;

export const ReasoningPart = z
  .object({
    id: PartID,
    sessionID: SessionID,
    messageID: MessageID,
    type: z.literal("reasoning"),
    text: z.string(),
    metadata: z.record(z.string(), z.unknown()).optional(),
    time: z.object({ start: z.int().min(0), end: z.int().min(0).optional() }),
  })
  .meta({ id: "ReasoningPart" });
export type ReasoningPart = z.infer<typeof ReasoningPart>;

export const FilePart = z
  .object({
    id: PartID,
    sessionID: SessionID,
    messageID: MessageID,
    type: z.literal("file"),
    mime: z.string(),
    filename: z.string().optional(),
    url: z.string(),
    source: FilePartSource.optional(),
  })
  .meta({ id: "FilePart" });
export type FilePart = z.infer<typeof FilePart>;

export const ToolStatePending = z
  .object({ status: z.literal("pending"), input: z.record(z.string(), z.unknown()), raw: z.string() })
  .meta({ id: "ToolStatePending" });
export type ToolStatePending = z.infer<typeof ToolStatePending>;

export const ToolStateRunning = z
  .object({
    status: z.literal("running"),
    input: z.record(z.string(), z.unknown()),
    title: z.string().optional(),
    metadata: z.record(z.string(), z.unknown()).optional(),
    time: z.object({ start: z.int().min(0) }),
  })
  .meta({ id: "ToolStateRunning" });
export type ToolStateRunning = z.infer<typeof ToolStateRunning>;

export const ToolStateCompleted = z
  .object({
    status: z.literal("completed"),
    input: z.record(z.string(), z.unknown()),
    output: z.string(),
    title: z.string(),
    metadata: z.record(z.string(), z.unknown()),
    time: z.object({ start: z.int().min(0), end: z.int().min(0), compacted: z.int().min(0).optional() }),
    attachments: z.array(FilePart).optional(),
  })
  .meta({ id: "ToolStateCompleted" });
export type ToolStateCompleted = z.infer<typeof ToolStateCompleted>;

export const ToolStateError = z
  .object({
    status: z.literal("error"),
    input: z.record(z.string(), z.unknown()),
    error: z.string(),
    metadata: z.record(z.string(), z.unknown()).optional(),
    time: z.object({ start: z.int().min(0), end: z.int().min(0) }),
  })
  .meta({ id: "ToolStateError" });
export type ToolStateError = z.infer<typeof ToolStateError>;

export const ToolState = z
  .discriminatedUnion("status", [ToolStatePending, ToolStateRunning, ToolStateCompleted, ToolStateError])
  .meta({ id: "ToolState" });
export type ToolState = z.infer<typeof ToolState>;

export const ToolPart = z
  .object({
    id: PartID,
    sessionID: SessionID,
    messageID: MessageID,
    type: z.literal("tool"),
    callID: z.string(),
    tool: z.string(),
    state: ToolState,
    metadata: z.record(z.string(), z.unknown()).optional(),
  })
  .meta({ id: "ToolPart" });
export type ToolPart = z.infer<typeof ToolPart>;

export const StepStartPart = z
  .object({ id: PartID, sessionID: SessionID, messageID: MessageID, type: z.literal("step-start"), snapshot: z.string().optional() })
  .meta({ id: "StepStartPart" });
export type StepStartPart = z.infer<typeof StepStartPart>;

export const StepFinishPart = z
  .object({
    id: PartID,
    sessionID: SessionID,
    messageID: MessageID,
    type: z.literal("step-finish"),
    reason: z.string(),
    snapshot: z.string().optional(),
    cost: z.number(),
    tokens: Tokens,
  })
  .meta({ id: "StepFinishPart" });
export type StepFinishPart = z.infer<typeof StepFinishPart>;

export const SnapshotPart = z
  .object({ id: PartID, sessionID: SessionID, messageID: MessageID, type: z.literal("snapshot"), snapshot: z.string() })
  .meta({ id: "SnapshotPart" });
export type SnapshotPart = z.infer<typeof SnapshotPart>;

export const PatchPart = z
  .object({
    id: PartID,
    sessionID: SessionID,
    messageID: MessageID,
    type: z.literal("patch"),
    hash: z.string(),
    files: z.array(z.string()),
  })
  .meta({ id: "PatchPart" });
export type PatchPart = z.infer<typeof PatchPart>;

export const AgentPart = z
  .object({
    id: PartID,
    sessionID: SessionID,
    messageID: MessageID,
    type: z.literal("agent"),
    name: z.string(),
    source: z.object({ value: z.string(), start: z.int().min(0), end: z.int().min(0) }).optional(),
  })
  .meta({ id: "AgentPart" });
export type AgentPart = z.infer<typeof AgentPart>;

export const RetryPart = z
  .object({
    id: PartID,
    sessionID: SessionID,
    messageID: MessageID,
    type: z.literal("retry"),
    attempt: z.int().min(0),
    error: APIError,
    time: z.object({ created: z.int().min(0) }),
  })
  .meta({ id: "RetryPart" });
export type RetryPart = z.infer<typeof RetryPart>;

export const CompactionPart = z
  .object({
    id: PartID,
    sessionID: SessionID,
    messageID: MessageID,
    type: z.literal("compaction"),
    auto: z.boolean(),
    overflow: z.boolean().optional(),
    tail_start_id: MessageID.optional(),
  })
  .meta({ id: "CompactionPart" });
export type CompactionPart = z.infer<typeof CompactionPart>;

export const Part = z
  .discriminatedUnion("type", [
    TextPart,
    SubtaskPart,
    ReasoningPart,
    FilePart,
    ToolPart,
    StepStartPart,
    StepFinishPart,
    SnapshotPart,
    PatchPart,
    AgentPart,
    RetryPart,
    CompactionPart,
  ])
  .meta({ id: "Part" });
export type Part = z.infer<typeof Part>;

export const TextPartInput = z
  .object({
    id: PartID.optional(),
    type: z.literal("text"),
    text: z.string(),
    synthetic: z.boolean().optional(),
    ignored: z.boolean().optional(),
    time: z.object({ start: z.int().min(0), end: z.int().min(0).optional() }).optional(),
    metadata: z.record(z.string(), z.unknown()).optional(),
  })
  .meta({ id: "TextPartInput" });
export type TextPartInput = z.infer<typeof TextPartInput>;

export const FilePartInput = z
  .object({
    id: PartID.optional(),
    type: z.literal("file"),
    mime: z.string(),
    filename: z.string().optional(),
    url: z.string(),
    source: FilePartSource.optional(),
  })
  .meta({ id: "FilePartInput" });
export type FilePartInput = z.infer<typeof FilePartInput>;

export const AgentPartInput = z
  .object({
    id: PartID.optional(),
    type: z.literal("agent"),
    name: z.string(),
    source: z.object({ value: z.string(), start: z.int().min(0), end: z.int().min(0) }).optional(),
  })
  .meta({ id: "AgentPartInput" });
export type AgentPartInput = z.infer<typeof AgentPartInput>;

export const SubtaskPartInput = z
  .object({
    id: PartID.optional(),
    type: z.literal("subtask"),
    prompt: z.string(),
    description: z.string(),
    agent: z.string(),
    model: z.object({ providerID: z.string(), modelID: z.string() }).optional(),
    command: z.string().optional(),
  })
  .meta({ id: "SubtaskPartInput" });
export type SubtaskPartInput = z.infer<typeof SubtaskPartInput>;
