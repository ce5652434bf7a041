import { z } from "zod";
import { MessageID } from "./id.ts";
import { Message, ModelRef, OutputFormat, UserMessage } from "./message.ts";
import { AgentPartInput, FilePartInput, Part, SubtaskPartInput, TextPartInput } from "./part.ts";

/** A message as it is listed: its facts and its parts, oldest part first. */
export const MessageWithParts = z.object({ info: Message, parts: z.array(Part) });
export type MessageWithParts = z.infer<typeof MessageWithParts>;

export const PartInput = z.discriminatedUnion("type", [TextPartInput, FilePartInput, AgentPartInput, SubtaskPartInput]);
export type PartInput = z.infer<typeof PartInput>;

/**
 * What becomes of a prompt that meets a busy session. `join`: the running turn takes it up at its next step, if it asks for the same
 * agent, model, system text, tools and format; otherwise it waits. `queue`: it gets a turn of its own. `interrupt`: the running turn is
 * aborted. `reject`: SessionBusyError. None of them overtakes a prompt that was sent earlier.
 */
export const QueuePolicy = z.enum(["join", "queue", "interrupt", "reject"]);
export type QueuePolicy = z.infer<typeof QueuePolicy>;

/** A prompt. `model` may also be written `"provider/model"` (document 001); `messageID` makes a retried call have one effect. */
export const PromptInput = z.object({
  messageID: MessageID.optional(),
  model: z.union([ModelRef, z.string()]).optional(),
  agent: z.string().optional(),
  noReply: z.boolean().optional(),
  tools: z.record(z.string(), z.boolean()).optional(),
  format: OutputFormat.optional(),
  system: z.string().optional(),
  variant: z.string().optional(),
  queue: QueuePolicy.optional(),
  parts: z.array(PartInput).min(1),
});
export type PromptInput = z.infer<typeof PromptInput>;

/** A prompt that waits in a busy session. */
export const QueuedPrompt = z
  .object({ info: UserMessage, parts: z.array(Part), queue: QueuePolicy.exclude(["reject"]) })
  .meta({ id: "QueuedPrompt" });
export type QueuedPrompt = z.infer<typeof QueuedPrompt>;

/** A slash command to be run, with what a client has chosen beside it. */
export const CommandInput = z.object({
  messageID: MessageID.optional(),
  agent: z.string().optional(),
  model: z.string().optional(),
  arguments: z.string(),
  command: z.string(),
  variant: z.string().optional(),
  // Spelt out, as in the reference: there it is no named schema here.
  parts: z.array(z.object(FilePartInput.shape)).optional(),
});
export type CommandInput = z.infer<typeof CommandInput>;

/** A shell command that a person runs in a session. */
export const ShellInput = z.object({
  messageID: MessageID.optional(),
  agent: z.string(),
  model: z.object({ providerID: z.string(), modelID: z.string() }).optional(),
  command: z.string(),
});
export type ShellInput = z.infer<typeof ShellInput>;

/** `"provider/model"` as a reference; the model's own name may hold further slashes. Undefined for anything of another form, and for nothing. */
export function parseModel(text = ""): ModelRef | undefined {
  const slash = text.indexOf("/");
  if (slash < 1 || slash === text.length - 1) return undefined;
  return { providerID: text.slice(0, slash), modelID: text.slice(slash + 1) };
}
