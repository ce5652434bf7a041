import type { AssistantContent, ModelMessage, UserContent } from "ai";
import { type CallOutcome, toolMessages } from "../agent/loop.ts";
import type { AssistantMessage, UserMessage } from "../schema/message.ts";
import type { FilePart, Part, ToolPart } from "../schema/part.ts";
import type { MessageWithParts } from "../schema/prompt.ts";
import { inOrder } from "./order.ts";

type Answer = { info: AssistantMessage; parts: Part[] };
type Question = { info: UserMessage; parts: Part[] };

/**
 * A session's messages as the model is to see them: turn after turn, each question with its answers, the question being answered now
 * last. `queued`: ids of prompts that wait behind it and are not part of the conversation yet. `provider`: the
 * model's provider as the AI SDK names it, which decides where files in tool results go.
 */
export function toModelMessages(
  messages: MessageWithParts[],
  turn: { current: string; queued: Set<string>; provider: string },
): ModelMessage[] {
  const { current, queued, provider } = turn;
  const conversation = inOrder(messages.filter(({ info }) => !queued.has(info.id)));
  const questions = conversation.filter((message): message is Question => message.info.role === "user");
  const since = afterCompaction(questions, messages);
  const ordered = [...since.filter(({ info }) => info.id !== current), ...questions.filter(({ info }) => info.id === current)];
  return ordered.flatMap((question) => {
    const answers = messages.filter(
      (message): message is Answer => message.info.role === "assistant" && message.info.parentID === question.info.id,
    );
    const told = question.info.id === current ? withoutCutText(answers) : answers;
    return [...toUser(question), ...told.flatMap((answer) => toAssistant(answer, provider))];
  });
}

/** A turn that is run again begins where it was cut off: half a text would be the model's last word. */
function withoutCutText(answers: Answer[]): Answer[] {
  const last = answers.at(-1);
  const isCut = last?.info.error?.name === "MessageAbortedError" && !last.parts.some(({ type }) => type === "tool");
  return isCut ? answers.slice(0, -1) : answers;
}

/** Questions from the newest compaction that has its handover on: what came before is in the handover. */
function afterCompaction(questions: Question[], messages: MessageWithParts[]): Question[] {
  const done = new Set(
    messages.flatMap(({ info }) =>
      info.role === "assistant" && info.summary && info.time.completed && !info.error ? [info.parentID] : [],
    ),
  );
  const newest = questions.findLastIndex(({ info }) => done.has(info.id));
  return questions.slice(Math.max(newest, 0));
}

function toUser({ parts }: Question): ModelMessage[] {
  const content = parts.flatMap((part): Exclude<UserContent, string> => {
    if (part.type === "text" && !part.ignored && part.text !== "") return [{ type: "text", text: part.text }];
    if (part.type === "file") return toFile(part);
    if (part.type === "subtask") return [{ type: "text", text: `The user had a sub-agent do this: ${part.description || part.prompt}` }];
    if (part.type === "compaction") return [{ type: "text", text: "What did we do so far?" }];
    return [];
  });
  return content.length === 0 ? [] : [{ role: "user", content }];
}

function toFile(part: FilePart): Exclude<UserContent, string> {
  if (part.mime.startsWith("text/") || part.mime === "application/x-directory" || !part.url.startsWith("data:")) return [];
  // Of an imported session: a provider would refuse the whole conversation.
  if (!/^data:[^,]*;base64,[\w+/-]*={0,2}$/.test(part.url))
    return [{ type: "text", text: `The attached ${part.filename ?? part.mime} is damaged.` }];
  return [{ type: "file", data: part.url, mediaType: part.mime, filename: part.filename }];
}

function toAssistant({ parts }: Answer, provider: string): ModelMessage[] {
  const tools = parts.filter((part) => part.type === "tool");
  const content = parts.flatMap((part): Exclude<AssistantContent, string> => {
    if (part.type === "text" && part.text !== "") return [{ type: "text", text: part.text }];
    if (part.type === "reasoning" && part.metadata !== undefined)
      return [{ type: "reasoning", text: part.text, providerOptions: part.metadata as never }];
    if (part.type === "tool") return [{ type: "tool-call", toolCallId: part.callID, toolName: part.tool, input: part.state.input }];
    return [];
  });
  if (content.length === 0) return [];
  return [{ role: "assistant", content }, ...toolMessages(tools.map(toOutcome), provider)];
}

function toOutcome({ callID, tool, state }: ToolPart): CallOutcome {
  if (state.status === "completed" && state.time.compacted)
    return { callID, tool, result: { output: "[The output was removed to save room. Call the tool again if it is needed.]" } };
  if (state.status === "completed") return { callID, tool, result: state };
  return { callID, tool, result: { error: state.status === "error" ? state.error : "The tool did not finish." } };
}
