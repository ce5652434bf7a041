import type { TurnEvent } from "../agent/turn.ts";
import { createId } from "../schema/id.ts";
import type { FilePart, Part, ToolPart } from "../schema/part.ts";

export type ToolEvent = Extract<TurnEvent, { callID: string }>;

export function pendingTool(base: Pick<Part, "id" | "sessionID" | "messageID">, event: ToolEvent): ToolPart {
  const tool = "tool" in event ? event.tool : "";
  return { ...base, type: "tool", callID: event.callID, tool, state: { status: "pending", input: {}, raw: "" } };
}

/** The tool part after an event: pending, running, then completed or error; no other way. */
export function nextTool(part: ToolPart, event: ToolEvent): ToolPart {
  const start = "time" in part.state ? part.state.time.start : Date.now();
  switch (event.type) {
    case "tool-pending":
      return part;
    case "tool-running":
      return { ...part, tool: event.tool, state: { status: "running", input: event.input, metadata: event.metadata, time: { start } } };
    case "tool-progress":
      return { ...part, state: progressed(part, event, start) };
    case "tool-completed":
      return { ...part, tool: event.tool, state: completed(part, event, start) };
    case "tool-error": {
      const { tool, input, error, metadata } = event;
      return { ...part, tool, state: { status: "error", input, error, metadata, time: { start, end: Date.now() } } };
    }
  }
}

function progressed({ state }: ToolPart, event: Extract<ToolEvent, { type: "tool-progress" }>, start: number): ToolPart["state"] {
  const running = state.status === "running" ? state : undefined;
  const { title = running?.title, metadata = running?.metadata } = event;
  return { status: "running", input: state.input, title, metadata, time: { start } };
}

function completed(
  { sessionID, messageID }: ToolPart,
  event: Extract<ToolEvent, { type: "tool-completed" }>,
  start: number,
): ToolPart["state"] {
  const { input, output, title, metadata } = event;
  const attachments = event.attachments?.map((file): FilePart => ({ id: createId("part"), sessionID, messageID, type: "file", ...file }));
  return { status: "completed", input, output, title, metadata, time: { start, end: Date.now() }, attachments };
}
