import type { LanguageModelV4CallOptions, LanguageModelV4Prompt, LanguageModelV4StreamPart } from "@ai-sdk/provider";

const names = [
  "bash",
  "process",
  "read",
  "write",
  "edit",
  "apply_patch",
  "glob",
  "grep",
  "list",
  "webfetch",
  "todowrite",
  "todoread",
].concat(["question", "skill", "task"]);

/** The tools as a model call offers them. */
export function offered(tools = names): LanguageModelV4CallOptions["tools"] {
  return tools.map((name) => ({ type: "function", name, inputSchema: { type: "object" } }));
}

export function user(...texts: string[]): LanguageModelV4Prompt[number] {
  return { role: "user", content: texts.map((text) => ({ type: "text", text })) };
}

/** A tool call and what it gave, as the loop appends them. */
export function exchange(tool: string, value: string, type: "text" | "error-text" = "text"): LanguageModelV4Prompt {
  const toolCallId = `call_${tool}`;
  return [
    { role: "assistant", content: [{ type: "tool-call", toolCallId, toolName: tool, input: {} }] },
    { role: "tool", content: [{ type: "tool-result", toolCallId, toolName: tool, output: { type, value } }] },
  ];
}

/** What a stream came to: its text, its tool calls with parsed inputs, and how it ended. */
export async function gather(stream: ReadableStream<LanguageModelV4StreamPart>) {
  const parts: LanguageModelV4StreamPart[] = [];
  for await (const part of stream) parts.push(part);
  const calls = parts
    .filter((part) => part.type === "tool-call")
    .map(({ toolCallId, toolName, input }) => ({ toolCallId, toolName, input: JSON.parse(input) }));
  const deltas = parts.filter((part) => part.type === "text-delta").map((part) => part.delta);
  return { parts, calls, deltas, text: deltas.join(""), finish: parts.find((part) => part.type === "finish") };
}
