import { toAppError } from "../schema/error.ts";
import type { AnyEvent } from "../schema/event.ts";
import type { AssistantMessage } from "../schema/message.ts";
import type { ToolPart } from "../schema/part.ts";
import type { Activity, StartedCall, StartedTurn } from "./activity.ts";

export type Tell = (activity: Activity) => void;

/** A turn that runs. */
export interface TurnState {
  key: string;
  root: string;
  see(event: AnyEvent): void;
  /** The key of what a model call is a part of now. `aside`: it is no part of a step. */
  parentOf(call: Pick<StartedCall, "aside">): string;
  end(error?: unknown): void;
}

type Open = Omit<Activity, "end">;

export function createTurnState(turn: StartedTurn, { tell, above }: { tell: Tell; above?: TurnState }): TurnState {
  const { sessionID } = turn;
  const start = Date.now();
  const key = `turn ${turn.messageID} ${start}`;
  const root = above?.root ?? key;
  /** What has begun and not ended, by its key: the step, tools, and asks. */
  const open = new Map<string, Open>();
  let step: string | undefined;
  let last: { messageID: string; error?: string; finish?: string } | undefined;

  const begin = (activity: Omit<Open, "root" | "sessionID">): void => {
    if (!open.has(activity.key)) open.set(activity.key, { ...activity, root, sessionID });
  };
  const end = (of: string, result: Partial<Activity> = {}): void => {
    const begun = open.get(of);
    if (begun === undefined) return;
    open.delete(of);
    tell({ ...begun, end: Date.now(), ...result });
  };

  function seeMessage(message: AssistantMessage): void {
    const { id, agent, tokens, cost, error, finish } = message;
    step = `step ${id}`;
    last = { messageID: id, error: error?.name, finish };
    begin({ kind: "step", key: step, parent: key, messageID: id, name: agent, provider: message.providerID, start: message.time.created });
    if (message.time.completed !== undefined) end(step, { error: error?.name, finish, tokens, cost });
  }

  function seeTool({ id, messageID, callID, tool, state }: ToolPart): void {
    if (state.status === "pending") return;
    const of = `tool ${id}`;
    begin({ kind: "tool", key: of, parent: `step ${messageID}`, messageID, callID, name: tool, start: state.time.start });
    if (state.status !== "running") end(of, { end: state.time.end, error: state.status === "error" ? "ToolError" : undefined });
  }

  function seeAsk(kind: "permission" | "question", ask: { id: string; name: string; tool?: { messageID: string; callID: string } }): void {
    const tool = [...open.values()].find((activity) => activity.kind === "tool" && activity.callID === ask.tool?.callID);
    const parent = tool?.key ?? step ?? key;
    begin({ kind, key: ask.id, parent, callID: ask.tool?.callID, name: ask.name, start: Date.now() });
  }

  return {
    key,
    root,
    see(event) {
      if (event.type === "message.updated" && event.properties.info.role === "assistant") seeMessage(event.properties.info);
      else if (event.type === "message.part.updated" && event.properties.part.type === "tool") seeTool(event.properties.part);
      else if (event.type === "permission.asked") seeAsk("permission", { ...event.properties, name: event.properties.permission });
      else if (event.type === "question.asked") seeAsk("question", { ...event.properties, name: "question" });
      else if (event.type === "permission.replied" || event.type === "question.replied") end(event.properties.requestID);
      else if (event.type === "question.rejected") end(event.properties.requestID, { error: "QuestionRejectedError" });
    },
    parentOf: ({ aside }) => (aside ? key : (step ?? key)),
    end(error) {
      const thrown = error === undefined ? undefined : toAppError(error).name;
      for (const of of [...open.keys()].reverse()) end(of, { error: thrown ?? last?.error ?? "MessageAbortedError" });
      const { messageID, agent: name } = turn;
      const outcome = { error: thrown ?? last?.error, finish: last?.finish };
      tell({ kind: "turn", key, parent: above?.key, root, sessionID, messageID, name, start, end: Date.now(), ...outcome });
    },
  };
}
