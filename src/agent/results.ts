import type { FilePart, ModelMessage, ToolResultPart } from "ai";
import type { TurnToolResult } from "./turn.ts";

/** How a call ended, for the model: its result, or an error's text. */
export interface CallOutcome {
  callID: string;
  tool: string;
  result: Pick<TurnToolResult, "output" | "attachments"> | { error: string };
}

type Output = ToolResultPart["output"];
type Attachment = NonNullable<TurnToolResult["attachments"]>[number];

/**
 * The messages that answer a step's tool calls. Attachments go into the result where the provider takes files there (Anthropic,
 * OpenAI's Responses API, Bedrock); elsewhere a user message with the files follows, because a chat-completions tool message is text only.
 * `provider` is the model's provider name in the AI SDK, such as `openai.chat`.
 */
export function toolMessages(outcomes: CallOutcome[], provider: string): ModelMessage[] {
  if (outcomes.length === 0) return [];
  const inline = /anthropic|bedrock|\.responses$/.test(provider);
  const content = outcomes.map(({ callID, tool, result }): ToolResultPart => {
    return { type: "tool-result", toolCallId: callID, toolName: tool, output: toOutput(result, inline) };
  });
  const files = inline ? [] : outcomes.flatMap(({ result }) => ("error" in result ? [] : (result.attachments ?? [])));
  const tool: ModelMessage = { role: "tool", content };
  if (files.length === 0) return [tool];
  return [tool, { role: "user", content: [{ type: "text", text: "Files from the tool results above:" }, ...files.map(toFile)] }];
}

function toOutput(result: CallOutcome["result"], inline: boolean): Output {
  if ("error" in result) return { type: "error-text", value: result.error };
  if (!inline || !result.attachments?.length) return { type: "text", value: result.output };
  return { type: "content", value: [{ type: "text", text: result.output }, ...result.attachments.map(toFile)] };
}

function toFile({
  mime,
  url,
  filename,
}: Attachment): Omit<FilePart, "data"> & { data: { type: "data"; data: string } | { type: "url"; url: URL } } {
  const base64 = /^data:[^,]*;base64,(.*)$/s.exec(url)?.[1];
  const data = base64 === undefined ? { type: "url" as const, url: new URL(url) } : { type: "data" as const, data: base64 };
  return { type: "file", data, mediaType: mime, ...(filename === undefined ? {} : { filename }) };
}
