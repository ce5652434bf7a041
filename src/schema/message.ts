import { z } from "zod";
import { MessageID, SessionID } from "./id.ts";
import { SnapshotFileDiff } from "./session.ts";

export const JSONSchema = z.record(z.string(), z.unknown()).meta({ id: "JSONSchema" });
export type JSONSchema = z.infer<typeof JSONSchema>;

export const OutputFormatText = z.object({ type: z.literal("text") }).meta({ id: "OutputFormatText" });
export type OutputFormatText = z.infer<typeof OutputFormatText>;

export const OutputFormatJsonSchema = z
  .object({ type: z.literal("json_schema"), schema: JSONSchema, retryCount: z.int().min(0).optional() })
  .meta({ id: "OutputFormatJsonSchema" });
export type OutputFormatJsonSchema = z.infer<typeof OutputFormatJsonSchema>;

export const OutputFormat = z.union([OutputFormatText, OutputFormatJsonSchema]).meta({ id: "OutputFormat" });
export type OutputFormat = z.infer<typeof OutputFormat>;

export const UserMessage = z
  .object({
    id: MessageID,
    sessionID: SessionID,
    role: z.literal("user"),
    time: z.object({ created: z.number().min(0) }),
    format: OutputFormat.optional(),
    summary: z.object({ title: z.string().optional(), body: z.string().optional(), diffs: z.array(SnapshotFileDiff) }).optional(),
    agent: z.string(),
    model: z.object({ providerID: z.string(), modelID: z.string(), variant: z.string().optional() }),
    system: z.string().optional(),
    tools: z.record(z.string(), z.boolean()).optional(),
  })
  .meta({ id: "UserMessage" });
export type UserMessage = z.infer<typeof UserMessage>;

export const ProviderAuthError = z
  .object({ name: z.literal("ProviderAuthError"), data: z.object({ providerID: z.string(), message: z.string() }) })
  .meta({ id: "ProviderAuthError" });
export type ProviderAuthError = z.infer<typeof ProviderAuthError>;

export const UnknownError = z
  .object({ name: z.literal("UnknownError"), data: z.object({ message: z.string(), ref: z.string().optional() }) })
  .meta({ id: "UnknownError" });
export type UnknownError = z.infer<typeof UnknownError>;

export const MessageOutputLengthError = z
  .object({ name: z.literal("MessageOutputLengthError"), data: z.record(z.string(), z.unknown()) })
  .meta({ id: "MessageOutputLengthError" });
export type MessageOutputLengthError = z.infer<typeof MessageOutputLengthError>;

export const MessageAbortedError = z
  .object({ name: z.literal("MessageAbortedError"), data: z.object({ message: z.string() }) })
  .meta({ id: "MessageAbortedError" });
export type MessageAbortedError = z.infer<typeof MessageAbortedError>;

export const StructuredOutputError = z
  .object({ name: z.literal("StructuredOutputError"), data: z.object({ message: z.string(), retries: z.int().min(0) }) })
  .meta({ id: "StructuredOutputError" });
export type StructuredOutputError = z.infer<typeof StructuredOutputError>;

export const ContextOverflowError = z
  .object({ name: z.literal("ContextOverflowError"), data: z.object({ message: z.string(), responseBody: z.string().optional() }) })
  .meta({ id: "ContextOverflowError" });
export type ContextOverflowError = z.infer<typeof ContextOverflowError>;

export const ContentFilterError = z
  .object({ name: z.literal("ContentFilterError"), data: z.object({ message: z.string() }) })
  .meta({ id: "ContentFilterError" });
export type ContentFilterError = z.infer<typeof ContentFilterError>;

export const APIError = z
  .object({
    name: z.literal("APIError"),
    data: z.object({
      message: z.string(),
      statusCode: z.int().min(0).optional(),
      isRetryable: z.boolean(),
      responseHeaders: z.record(z.string(), z.string()).optional(),
      responseBody: z.string().optional(),
      metadata: z.record(z.string(), z.string()).optional(),
    }),
  })
  .meta({ id: "APIError" });
export type APIError = z.infer<typeof APIError>;

/** Why a message ended early. These are facts about a turn, told inside a 200 answer; errors of a request are AppErrors. */
export const MessageError = z.union([
  ProviderAuthError,
  UnknownError,
  MessageOutputLengthError,
  MessageAbortedError,
  StructuredOutputError,
  ContextOverflowError,
  ContentFilterError,
  APIError,
]);
export type MessageError = z.infer<typeof MessageError>;

export const Tokens = z.object({
  total: z.number().optional(),
  input: z.number(),
  output: z.number(),
  reasoning: z.number(),
  cache: z.object({ read: z.number(), write: z.number() }),
});
/** Token counts of one model call or a sum of them. `input` leaves out what came from the cache. */
export type Tokens = z.infer<typeof Tokens>;

export const AssistantMessage = z
  .object({
    id: MessageID,
    sessionID: SessionID,
    role: z.literal("assistant"),
    time: z.object({ created: z.int().min(0), completed: z.int().min(0).optional() }),
    error: MessageError.optional(),
    parentID: MessageID,
    modelID: z.string(),
    providerID: z.string(),
    mode: z.string(),
    agent: z.string(),
    path: z.object({ cwd: z.string(), root: z.string() }),
    summary: z.boolean().optional(),
    cost: z.number(),
    tokens: Tokens,
    structured: z.unknown().optional(),
    variant: z.string().optional(),
    finish: z.string().optional(),
  })
  .meta({ id: "AssistantMessage" });
export type AssistantMessage = z.infer<typeof AssistantMessage>;

export const Message = z.discriminatedUnion("role", [UserMessage, AssistantMessage]).meta({ id: "Message" });
export type Message = z.infer<typeof Message>;

/** A model by its two names, as prompts and messages carry it. */
export const ModelRef = z.object({ providerID: z.string(), modelID: z.string(), variant: z.string().optional() });
export type ModelRef = z.infer<typeof ModelRef>;
