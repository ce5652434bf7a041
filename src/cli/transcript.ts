import type { Part, ToolPart } from "../schema/part.ts";
import type { MessageWithParts } from "../schema/prompt.ts";
import type { Session } from "../schema/session.ts";
import { oneLine } from "./failure.ts";
import { date, harmless } from "./print.ts";

/** A session to read: what was said, and a line for each call of a tool. */
export function transcript(session: Session, messages: MessageWithParts[]): string[] {
  const { id, title, directory, time, cost = 0 } = session;
  const spent = cost === 0 ? [] : [`$${cost.toFixed(4)}`];
  const head = [`# ${oneLine(title)}`, "", [id, date(time.created), directory, ...spent].join(" · ")];
  return [...head, ...messages.flatMap(said)].map(harmless);
}

function said({ info, parts }: MessageWithParts): string[] {
  const who = info.role === "user" ? "user" : `${info.agent} · ${info.providerID}/${info.modelID}`;
  const lines = parts.flatMap(shown);
  const error = info.role === "assistant" && info.error ? [`! ${oneLine(String(info.error.data.message ?? info.error.name))}`] : [];
  return lines.length + error.length === 0 ? [] : ["", `## ${who}`, "", ...lines, ...error];
}

function shown(part: Part): string[] {
  if (part.type === "text") return part.synthetic || part.ignored ? [] : [part.text];
  if (part.type === "file") return [`[file ${part.filename ?? part.mime}]`];
  return part.type === "tool" ? [call(part)] : [];
}

function call({ tool, state }: ToolPart): string {
  if (state.status === "error") return `- ${tool}: ${state.metadata?.denied === undefined ? "failed" : "denied"}: ${oneLine(state.error)}`;
  return `- ${tool}: ${oneLine(state.status === "completed" ? state.title : state.status)}`;
}
