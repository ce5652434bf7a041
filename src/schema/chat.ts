import { z } from "zod";
import { addressed, MessageID, PermissionID, QuestionID, SessionID } from "./id.ts";
import { ModelRef, Tokens } from "./message.ts";
import { Part } from "./part.ts";
import { MessageWithParts, QueuePolicy } from "./prompt.ts";
import { QuestionInfo, QuestionTool } from "./question.ts";
import { Session, SessionStatus } from "./session.ts";

/** The chat protocol of document 002: one message in, an answer or frames out. Its own fields are in camel case. */
export const ChatInput = z
  .object({
    message: z.string().regex(/\S/, "must hold some text"),
    sessionId: addressed.session.nullish().meta({ description: "The session to go on with; none begins a new one." }),
    agent: z.string().optional(),
    model: z.union([z.string(), ModelRef]).optional().meta({ description: '`"provider/model"`, or its two names.' }),
    queue: QueuePolicy.optional().meta({ description: "What becomes of the message when the session is busy." }),
  })
  .meta({ id: "ChatInput" });
export type ChatInput = z.infer<typeof ChatInput>;

/** What came of a message, when all is said. */
export const ChatAnswer = z
  .object({
    sessionId: SessionID,
    messageId: MessageID,
    content: z.string().meta({ description: "The text of the last message." }),
    parts: z.array(Part).meta({ description: "Everything the turn said and did, oldest first." }),
    tokens: Tokens.meta({ description: "Of the whole turn." }),
    cost: z.number().meta({ description: "US dollars, of the whole turn." }),
    error: z.object({ name: z.string(), message: z.string() }).optional().meta({ description: "Why the turn ended early, if it did." }),
  })
  .meta({ id: "ChatAnswer" });
export type ChatAnswer = z.infer<typeof ChatAnswer>;

const frame = <Type extends string, Shape extends z.ZodRawShape>(type: Type, shape: Shape) => z.object({ type: z.literal(type), ...shape });

/** A turn as it happens: `session` first, `done` last. */
export const ChatFrame = z
  .discriminatedUnion("type", [
    frame("session", { sessionId: SessionID }),
    frame("text", { content: z.string() }),
    frame("tool_start", { tool: z.string(), args: z.record(z.string(), z.unknown()), callId: z.string() }),
    frame("tool_end", { tool: z.string(), result: z.string(), callId: z.string(), failed: z.boolean().optional() }),
    frame("permission", {
      permissionId: PermissionID,
      sessionId: SessionID,
      permission: z.string(),
      patterns: z.array(z.string()),
      always: z.array(z.string()),
      metadata: z.record(z.string(), z.unknown()),
      tool: z.object({ messageID: z.string(), callID: z.string() }).optional(),
    }),
    frame("question", {
      questionId: QuestionID,
      sessionId: SessionID,
      questions: z.array(QuestionInfo),
      tool: QuestionTool.optional(),
    }),
    frame("error", { name: z.string(), message: z.string() }),
    frame("done", { sessionId: SessionID, messageId: MessageID }),
  ])
  .meta({ id: "ChatFrame" });
export type ChatFrame = z.infer<typeof ChatFrame>;

/** A session as the chat API lists it: with what it is doing. */
export const ChatSession = z.object({ ...Session.shape, status: SessionStatus }).meta({ id: "ChatSession" });
export type ChatSession = z.infer<typeof ChatSession>;

export const ChatHistory = z.object({ ...ChatSession.shape, messages: z.array(MessageWithParts) }).meta({ id: "ChatHistory" });
export type ChatHistory = z.infer<typeof ChatHistory>;

/** The server and what a message would be answered with. */
export const ChatStatus = z
  .object({
    status: z.literal("ok"),
    version: z.string(),
    directory: z.string(),
    worktree: z.string(),
    project: z.string(),
    agent: z.string().meta({ description: "The one that answers, unless told otherwise." }),
    model: z.string().meta({ description: 'The one that answers, unless told otherwise, as `"provider/model"`.' }),
    providers: z.array(z.string()).meta({ description: "The ones that can be called." }),
    busy: z.int().min(0).meta({ description: "How many sessions are at work." }),
  })
  .meta({ id: "ChatStatus" });
export type ChatStatus = z.infer<typeof ChatStatus>;

export const ChatModel = z
  .object({
    id: z.string().meta({ description: 'As `model` of a chat takes it: `"provider/model"`.' }),
    provider: z.string(),
    name: z.string(),
    limit: z.object({ context: z.number(), output: z.number() }).meta({ description: "Tokens." }),
    cost: z.object({ input: z.number(), output: z.number() }).meta({ description: "US dollars for a million tokens." }),
    tools: z.boolean(),
    reasoning: z.boolean(),
    images: z.boolean(),
    default: z.boolean(),
  })
  .meta({ id: "ChatModel" });
export type ChatModel = z.infer<typeof ChatModel>;

export const ChatProvider = z
  .object({ id: z.string(), name: z.string(), source: z.string(), models: z.array(z.string()), default: z.string().optional() })
  .meta({ id: "ChatProvider" });
export type ChatProvider = z.infer<typeof ChatProvider>;

export const ChatAgent = z
  .object({
    name: z.string(),
    description: z.string().optional(),
    mode: z.enum(["subagent", "primary", "all"]),
    native: z.boolean(),
    model: z.string().optional(),
    default: z.boolean(),
  })
  .meta({ id: "ChatAgent" });
export type ChatAgent = z.infer<typeof ChatAgent>;
