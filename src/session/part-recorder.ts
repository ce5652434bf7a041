import type { TurnEvent } from "../agent/turn.ts";
import type { AppendOptions, EventLog } from "../event/log.ts";
import { createId } from "../schema/id.ts";
import type { AssistantMessage } from "../schema/message.ts";
import type { Part, ReasoningPart, StepStartPart, TextPart, ToolPart } from "../schema/part.ts";
import { nextTool, pendingTool, type ToolEvent } from "./tool-state.ts";

export type PartEvent = Exclude<TurnEvent, { type: "step" | "step-finish" | "retry" | "turn-error" | "turn-finish" }>;

/** Writes the parts of one assistant message as they come. */
export interface PartRecorder {
  record(event: PartEvent): Promise<void>;
  /** The part that says the model began to answer. */
  begun(): StepStartPart | undefined;
}

export interface PartRecorderOptions {
  log: EventLog;
  append: AppendOptions;
  message: AssistantMessage;
  /** The snapshot of the step's begin, if there is one soon. */
  snapshot?: () => Promise<string | undefined>;
}

export function createPartRecorder({ log, append, message, snapshot }: PartRecorderOptions): PartRecorder {
  const { sessionID, id: messageID } = message;
  const tools = new Map<string, ToolPart>();
  let attempt: string[] = [];
  let begun: StepStartPart | undefined;

  const store: PartStore = {
    base: () => ({ id: createId("part"), sessionID, messageID }),
    async save(part) {
      if (!attempt.includes(part.id)) attempt.push(part.id);
      await log.append([{ type: "message.part.updated", properties: { sessionID, part, time: Date.now() } }], append);
    },
    async remove(ids) {
      attempt = attempt.filter((id) => !ids.includes(id));
      const events = ids.map((partID) => ({ type: "message.part.removed" as const, properties: { sessionID, messageID, partID } }));
      if (events.length > 0) await log.append(events, append);
    },
    grow: (part, delta) => log.delta(part, delta, append),
  };
  const prose = createProse(store);

  async function recordTool(event: ToolEvent): Promise<void> {
    const part = nextTool(tools.get(event.callID) ?? pendingTool(store.base(), event), event);
    tools.set(event.callID, part);
    if (event.type === "tool-progress") log.progress(part, append);
    else await store.save(part);
  }

  async function begin(): Promise<void> {
    begun = { ...store.base(), type: "step-start", snapshot: await snapshot?.() };
    await store.save(begun);
  }

  return {
    begun: () => begun,
    async record(event) {
      if ("callID" in event) return recordTool(event);
      if ("delta" in event) return prose.grow(event);
      if ("text" in event) return prose.end(event);
      if ("id" in event) return prose.start(event);
      if (event.type === "step-start") return begin();
      return store.remove(attempt);
    },
  };
}

interface PartStore {
  base(): Pick<Part, "id" | "sessionID" | "messageID">;
  save(part: Part): Promise<void>;
  remove(ids: string[]): Promise<void>;
  grow(part: TextPart | ReasoningPart, delta: string): void;
}

/** Text and reasoning: opened, grown by deltas, closed with the whole. */
function createProse(store: PartStore) {
  const open = new Map<string, TextPart | ReasoningPart>();
  return {
    async start({ type, id }: { type: "text-start" | "reasoning-start"; id: string }): Promise<void> {
      const part = {
        ...store.base(),
        type: type === "text-start" ? ("text" as const) : ("reasoning" as const),
        text: "",
        time: { start: Date.now() },
      };
      open.set(id, part);
      await store.save(part);
    },
    grow({ id, delta }: { id: string; delta: string }): void {
      const part = open.get(id);
      if (part === undefined) return;
      const longer = { ...part, text: part.text + delta };
      open.set(id, longer);
      store.grow(longer, delta);
    },
    async end({ id, text, metadata }: { id: string; text: string; metadata?: Record<string, unknown> }): Promise<void> {
      const part = open.get(id);
      if (part === undefined) return;
      open.delete(id);
      // A model may open a text and say nothing: there is nothing to keep.
      if (text === "" && metadata === undefined) return store.remove([part.id]);
      await store.save({ ...part, text, metadata, time: { start: part.time?.start ?? Date.now(), end: Date.now() } });
    },
  };
}
