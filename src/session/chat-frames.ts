import type { ChatFrame } from "../schema/chat.ts";
import type { AnyEvent } from "../schema/event.ts";
import type { Message, MessageError, UserMessage } from "../schema/message.ts";
import type { Part, ToolPart } from "../schema/part.ts";
import type { PermissionRequest } from "../schema/permission.ts";
import type { QuestionRequest } from "../schema/question.ts";

/** Turns what the log tells into the frames of one prompt's answer; each thing is said once, however often it is told. */
export interface ChatFrames {
  of(event: AnyEvent): ChatFrame[];
  message(info: Message): ChatFrame[];
  part(part: Part): ChatFrame[];
  permission(request: PermissionRequest): ChatFrame[];
  question(request: QuestionRequest): ChatFrame[];
  /** The last failure of the session that no message carries. */
  failure(): ChatFrame | undefined;
}

/** `family`: the session and its children, who ask in its name; new children join it. */
export function createChatFrames(messageID: string, { sessionID, family }: { sessionID: string; family: Set<string> }): ChatFrames {
  const answers = createAnswers(messageID);
  const text = createTexts();
  const told = new Set<string>();
  let failed: MessageError | undefined;
  const once = (key: string, frame: () => ChatFrame): ChatFrame[] => {
    if (told.has(key)) return [];
    told.add(key);
    return [frame()];
  };

  const frames: ChatFrames = {
    of(event) {
      const { type, properties } = event;
      if (type === "session.created" && family.has(properties.info.parentID ?? "")) family.add(properties.sessionID);
      if (type === "permission.asked" && family.has(properties.sessionID)) return frames.permission(properties);
      if (type === "question.asked" && family.has(properties.sessionID)) return frames.question(properties);
      if (!("sessionID" in properties) || properties.sessionID !== sessionID) return [];
      if (type === "session.error") failed = properties.error;
      if (type === "message.updated") return frames.message(properties.info);
      if (type === "message.part.updated") return frames.part(properties.part);
      return type === "message.part.delta" ? text.delta(properties.partID, properties.delta) : [];
    },
    message(info) {
      answers.add(info);
      if (info.role !== "assistant" || !answers.has(info.id)) return [];
      const { error } = info;
      return error === undefined ? [] : once(info.id, () => errorFrame(error));
    },
    part(part) {
      if (!answers.has(part.messageID)) return [];
      if (part.type === "text" && !part.synthetic) return text.snapshot(part.id, part.text);
      return part.type === "tool" ? toolFrames(part, once) : [];
    },
    permission: ({ id, sessionID: sessionId, ...request }) =>
      once(id, () => ({ type: "permission", permissionId: id, sessionId, ...request })),
    question: ({ id, sessionID: sessionId, ...request }) => once(id, () => ({ type: "question", questionId: id, sessionId, ...request })),
    failure: () => failed && errorFrame(failed),
  };
  return frames;
}

/** The messages that answer a prompt: those to it, and those to prompts that came after it and joined its turn. */
function createAnswers(messageID: string) {
  const prompts = new Set([messageID]);
  const answers = new Set<string>();
  let own: UserMessage | undefined;
  // An earlier prompt may be told once more, when its turn has been summed up.
  const isLater = ({ id, time }: UserMessage): boolean =>
    own !== undefined && (time.created > own.time.created || (time.created === own.time.created && id > own.id));
  return {
    add(info: Message): void {
      if (info.role === "assistant" && prompts.has(info.parentID) && !info.summary) answers.add(info.id);
      if (info.role === "user" && info.id === messageID) own = info;
      if (info.role === "user" && isLater(info)) prompts.add(info.id);
    },
    has: (id: string) => answers.has(id),
  };
}

/** Deltas are said as they come, and of a snapshot what they left out. */
function createTexts() {
  const said = new Map<string, number>();
  const say = (content: string): ChatFrame[] => (content === "" ? [] : [{ type: "text", content }]);
  return {
    snapshot(partID: string, text: string): ChatFrame[] {
      const before = said.get(partID) ?? 0;
      said.set(partID, Math.max(before, text.length));
      return say(text.slice(before));
    },
    delta(partID: string, delta: string): ChatFrame[] {
      const before = said.get(partID);
      if (before === undefined) return [];
      said.set(partID, before + delta.length);
      return say(delta);
    },
  };
}

function toolFrames({ tool, callID: callId, id, state }: ToolPart, once: (key: string, frame: () => ChatFrame) => ChatFrame[]) {
  if (state.status === "pending") return [];
  const start = once(`${id} start`, () => ({ type: "tool_start", tool, args: state.input, callId }));
  if (state.status === "running") return start;
  const end = once(`${id} end`, () =>
    state.status === "error"
      ? { type: "tool_end", tool, result: state.error, callId, failed: true }
      : { type: "tool_end", tool, result: state.output, callId },
  );
  return [...start, ...end];
}

export function describeError({ name, data }: MessageError): { name: string; message: string } {
  return { name, message: "message" in data ? String(data.message) : name };
}

function errorFrame(error: MessageError): ChatFrame {
  return { type: "error", ...describeError(error) };
}
