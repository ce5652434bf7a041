import type { AssistantMessage } from "../schema/message.ts";
import type { Part, ToolPart } from "../schema/part.ts";
import type { MessageWithParts } from "../schema/prompt.ts";
import type { TimelineStep, TimelineTool, TimelineWait } from "../schema/timeline.ts";
import type { CalledWait, Moments } from "./moments.ts";

/** What a step is told from, beside its message. */
export interface StepSources extends Moments {
  /** When each part was first told of, epoch ms; of a copied message that is when it was copied. */
  told: Map<string, number>;
}

export function toStep(info: AssistantMessage, parts: Part[], sources: StepSources): TimelineStep {
  const { id: messageID, agent, providerID, modelID, tokens, cost, finish, error, time } = info;
  const isDuring = (at: number) => at >= time.created && at <= (time.completed ?? Number.MAX_SAFE_INTEGER);
  const told = (part: Part) => [sources.told.get(part.id)].filter((at) => at !== undefined).find(isDuring);
  const tools = parts.filter((part) => part.type === "tool");
  const waits = sources.waits.filter((wait) => wait.messageID === messageID || (wait.messageID === undefined && isDuring(wait.start)));
  const isOfTool = ({ callID }: CalledWait) => tools.some((tool) => tool.callID === callID);
  return {
    ...{ messageID, agent, providerID, modelID, tokens, cost, summary: info.summary === true, start: time.created },
    firstToken: least(parts.map((part) => beginOf(part) ?? (part.type === "tool" ? told(part) : undefined))),
    streamEnd: greatest(parts.map(saidAt)),
    end: time.completed,
    finish,
    error: error && { name: error.name, message: messageOf(error.data) },
    retries: sources.retries.filter(({ at }) => isDuring(at)),
    tools: tools.map((tool) => toTool(tool, { requested: told(tool), waits: waits.filter(({ callID }) => callID === tool.callID) })),
    waits: waits.filter((wait) => !isOfTool(wait)).map(toWait),
  };
}

function toTool(part: ToolPart, { requested, waits }: { requested: number | undefined; waits: CalledWait[] }): TimelineTool {
  const { id: partID, callID, tool, state } = part;
  const { start, end } = { start: undefined, end: undefined, ...("time" in state ? state.time : {}) };
  const child = "metadata" in state ? state.metadata?.sessionId : undefined;
  return {
    ...{ partID, callID, tool, state: state.status, requested, start, end, waits: waits.map(toWait) },
    denied: state.status === "error" && state.metadata?.denied !== undefined ? true : undefined,
    title: "title" in state ? state.title : undefined,
    sessionID: typeof child === "string" ? child : undefined,
  };
}

const toWait = ({ messageID: _, callID: __, ...wait }: CalledWait): TimelineWait => wait;

/** When the model began to say the part, as far as the part itself tells. */
function beginOf(part: Part): number | undefined {
  return part.type === "text" || part.type === "reasoning" ? part.time?.start : undefined;
}

/** When the model had said the part: a tool runs as soon as its call is whole. */
function saidAt(part: Part): number | undefined {
  if (part.type === "text" || part.type === "reasoning") return part.time?.end;
  return part.type === "tool" && "time" in part.state ? part.state.time.start : undefined;
}

function messageOf(data: object): string {
  return "message" in data && typeof data.message === "string" ? data.message : "";
}

const known = (times: (number | undefined)[]): number[] => times.filter((at) => at !== undefined);
const least = (times: (number | undefined)[]) => (known(times).length === 0 ? undefined : Math.min(...known(times)));
const greatest = (times: (number | undefined)[]) => (known(times).length === 0 ? undefined : Math.max(...known(times)));

/** The steps of a turn. */
export function toSteps(answers: MessageWithParts[], sources: StepSources): TimelineStep[] {
  return answers.flatMap(({ info, parts }) => (info.role === "assistant" ? [toStep(info, parts, sources)] : []));
}
