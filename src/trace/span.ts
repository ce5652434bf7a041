import { createHash } from "node:crypto";
import type { Activity } from "../activity/activity.ts";

/** A span of OTLP's JSON encoding, the part of it that is used. */
export interface Span {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  /** 1: internal, 3: a call of another server. */
  kind: 1 | 3;
  startTimeUnixNano: string;
  endTimeUnixNano: string;
  attributes: { key: string; value: { stringValue: string } | { intValue: string } | { doubleValue: number } | ListValue }[];
  /** 1: ok, 2: error. */
  status: { code: 1 | 2; message?: string };
}

interface ListValue {
  arrayValue: { values: { stringValue: string }[] };
}

type Value = string | number | string[] | undefined;

/** Ids follow from the keys of activities. Names and attributes are those of OpenTelemetry's conventions for generative AI, where they have them. */
export function toSpan(activity: Activity): Span {
  const { key, parent, root, start, end, error } = activity;
  return {
    traceId: digest(`trace ${root}`, 32),
    spanId: digest(key, 16),
    ...(parent !== undefined && { parentSpanId: digest(parent, 16) }),
    name: nameOf(activity),
    kind: activity.kind === "model" ? 3 : 1,
    startTimeUnixNano: `${start}000000`,
    endTimeUnixNano: `${Math.max(start, end)}000000`,
    attributes: Object.entries(attributesOf(activity)).flatMap(([name, value]) =>
      value === undefined ? [] : [{ key: name, value: encoded(value) }],
    ),
    status: error === undefined ? { code: 1 } : { code: 2, message: error },
  };
}

function nameOf({ kind, name }: Activity): string {
  if (kind === "model") return `chat ${name}`;
  if (kind === "tool") return `execute_tool ${name}`;
  return kind === "permission" || kind === "question" ? `wait ${name}` : kind;
}

function attributesOf(activity: Activity): Record<string, Value> {
  const { kind, name, sessionID, messageID, callID, error, finish, cost } = activity;
  const common = { "session.id": sessionID, "message.id": messageID, "error.type": error, "gen_ai.tool.call.id": callID };
  if (kind === "model") return { ...common, ...modelAttributes(activity) };
  if (kind === "tool") return { ...common, "gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": name };
  if (kind === "permission" || kind === "question") return { ...common, "codeport.wait": kind };
  const ending = { "gen_ai.response.finish_reasons": finish === undefined ? undefined : [finish], "codeport.cost": cost };
  return { ...common, "gen_ai.agent.name": name, "gen_ai.conversation.id": sessionID, ...ending };
}

function modelAttributes({ name, provider, tokens, cost }: Activity): Record<string, Value> {
  return {
    "gen_ai.operation.name": "chat",
    "gen_ai.provider.name": provider,
    "gen_ai.request.model": name,
    // The convention counts what came from a cache as input too.
    "gen_ai.usage.input_tokens": tokens && tokens.input + tokens.cache.read + tokens.cache.write,
    "gen_ai.usage.output_tokens": tokens && tokens.output + tokens.reasoning,
    "gen_ai.usage.cache_read.input_tokens": tokens?.cache.read,
    "gen_ai.usage.cache_creation.input_tokens": tokens?.cache.write,
    "codeport.cost": cost,
  };
}

function encoded(value: string | number | string[]): Span["attributes"][number]["value"] {
  if (typeof value === "string") return { stringValue: value };
  if (Array.isArray(value)) return { arrayValue: { values: value.map((stringValue) => ({ stringValue })) } };
  return Number.isInteger(value) ? { intValue: String(value) } : { doubleValue: value };
}

function digest(text: string, length: number): string {
  return createHash("sha256").update(text).digest("hex").slice(0, length);
}
