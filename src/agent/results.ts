import type { FilePart, ModelMessage, TextPart, ToolResultPart } from "ai";
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

type FileData = Omit<FilePart, "data"> & { data: { type: "data"; data: string } };

/** Of an imported session an attachment may be anything: an address would be fetched, and what holds no data would fail every later turn. */
function toFile({ mime, url, filename }: Attachment): FileData | TextPart {
  const data = /^data:[^,]*;base64,([\w+/-]*={0,2})$/.exec(url)?.[1];
  if (data === undefined) return { type: "text", text: `The attached ${filename ?? mime} is damaged.` };
  return { type: "file", data: { type: "data", data }, mediaType: mime, ...(filename === undefined ? {} : { filename }) };
}
