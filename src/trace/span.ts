import { createHash } from "node:crypto";
import type { AssistantMessage } from "../schema/message.ts";
import type { ToolPart } from "../schema/part.ts";

/** A span of OTLP's JSON encoding, the part of it that is used. */
export interface Span {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  /** Internal. */
  kind: 1;
  startTimeUnixNano: string;
  endTimeUnixNano: string;
  attributes: { key: string; value: { stringValue: string } | { intValue: string } | { doubleValue: number } }[];
  /** 1: ok, 2: error. */
  status: { code: 1 | 2; message?: string };
}

/** What a turn came to. Times are epoch ms. */
export interface Turn {
  sessionID: string;
  /** The prompt that it answers. */
  messageID: string;
  start: number;
  end: number;
  error?: string;
}

/** Ids follow from those of the session's things: whoever sees a span twice, or in another order, knows it. */
export function turnSpan({ sessionID, messageID, start, end, error }: Turn): Span {
  return span({ name: "turn", of: messageID, trace: messageID, start, end, error }, { "session.id": sessionID, "message.id": messageID });
}

export function stepSpan(message: AssistantMessage): Span {
  const { id, sessionID, parentID, time, tokens, error, finish } = message;
  const place = { name: "step", of: id, parent: parentID, trace: parentID };
  return span(
    { ...place, start: time.created, end: time.completed ?? time.created, error: error?.name },
    {
      "session.id": sessionID,
      "message.id": id,
      "gen_ai.provider.name": message.providerID,
      "gen_ai.request.model": message.modelID,
      "gen_ai.usage.input_tokens": tokens.input,
      "gen_ai.usage.output_tokens": tokens.output,
      "gen_ai.response.finish_reasons": finish,
      "codeport.agent": message.agent,
      "codeport.cost": message.cost,
    },
  );
}

/** Undefined while it runs. `turn`: the id of the prompt that the turn answers. */
export function toolSpan({ id, messageID, sessionID, callID, tool, state }: ToolPart, turn: string): Span | undefined {
  if (state.status !== "completed" && state.status !== "error") return undefined;
  const failed = state.status === "error" ? "the tool failed" : undefined;
  return span(
    { name: `tool ${tool}`, of: id, parent: messageID, trace: turn, ...state.time, error: failed },
    { "session.id": sessionID, "message.id": messageID, "gen_ai.tool.name": tool, "gen_ai.tool.call.id": callID },
  );
}

interface Place {
  name: string;
  of: string;
  parent?: string;
  trace: string;
  start: number;
  end: number;
  error?: string;
}

function span({ name, of, parent, trace, start, end, error }: Place, values: Record<string, string | number | undefined>): Span {
  return {
    traceId: digest(`trace ${trace}`, 32),
    spanId: digest(of, 16),
    ...(parent !== undefined && { parentSpanId: digest(parent, 16) }),
    name,
    kind: 1,
    startTimeUnixNano: `${start}000000`,
    endTimeUnixNano: `${Math.max(start, end)}000000`,
    attributes: Object.entries(values).flatMap(([key, value]) => (value === undefined ? [] : [{ key, value: encoded(value) }])),
    status: error === undefined ? { code: 1 } : { code: 2, message: error },
  };
}

function encoded(value: string | number): Span["attributes"][number]["value"] {
  if (typeof value === "string") return { stringValue: value };
  return Number.isInteger(value) ? { intValue: String(value) } : { doubleValue: value };
}

function digest(text: string, length: number): string {
  return createHash("sha256").update(text).digest("hex").slice(0, length);
}
