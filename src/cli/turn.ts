import type { AnyEvent, EventOf } from "../schema/event.ts";
import type { AssistantMessage, Message, MessageError } from "../schema/message.ts";
import type { Part } from "../schema/part.ts";
import type { SessionStatus } from "../schema/session.ts";

/** Where the facts of a turn are shown. Parts come as snapshots, the newest wins; deltas only for parts seen before. */
export interface Printer {
  started(message: AssistantMessage): void;
  part(part: Part): void;
  delta(partID: string, delta: string): void;
  notice(text: string): void;
  error(error: MessageError, sessionID: string): void;
  /** Nothing follows. */
  end(): void;
}

export interface TurnOptions {
  sessionID: string;
  /** The user message that asked for the turn; its answers name it as their parent. */
  messageID: string;
  printer: Printer;
}

/**
 * Follows one turn through the events of its directory, other sessions and other prompts of the same session passing by.
 * `accept` answers `ended` when the turn is over, and `unsure` when the session says it is idle though nothing of this turn
 * was seen to end: then the server is to be asked.
 */
export interface Turn {
  accept(event: AnyEvent): "open" | "unsure" | "ended";
  /** The session and those below it that this turn started. */
  owns(sessionID: string): boolean;
  /** Prints what was not printed yet and tells how it ended. */
  finish(): { error?: MessageError; rejected: boolean; answered: boolean };
}

export function followTurn({ sessionID, messageID, printer }: TurnOptions): Turn {
  const family = new Set([sessionID]);
  const answers = new Map<string, AssistantMessage>();
  let error: MessageError | undefined;
  let rejected = false;

  function onMessage(info: Message): void {
    if (info.role !== "assistant" || info.parentID !== messageID) return;
    if (answers.size === 0) printer.started(info);
    answers.set(info.id, info);
    error = info.error ?? error;
  }

  function onIdle(): "unsure" | "ended" {
    const newest = [...answers.values()].at(-1);
    return newest?.time.completed !== undefined || newest?.error ? "ended" : "unsure";
  }

  function accept(event: AnyEvent): "open" | "unsure" | "ended" {
    if (event.type === "session.created" && family.has(event.properties.info.parentID ?? "")) family.add(event.properties.sessionID);
    if (event.type === "permission.replied" && family.has(event.properties.sessionID)) rejected ||= event.properties.reply === "reject";
    if (!("sessionID" in event.properties) || event.properties.sessionID !== sessionID) return "open";
    if (event.type === "message.updated") onMessage(event.properties.info);
    if (event.type === "message.part.updated" && answers.has(event.properties.part.messageID)) printer.part(event.properties.part);
    if (event.type === "message.part.delta") onDelta(event);
    if (event.type === "session.status" && waitsForBudget(event.properties.status)) return "ended";
    if (event.type === "session.status") noticeOf(event.properties.status, printer);
    // A turn can fail before it has a message to carry the error.
    if (event.type === "session.error" && event.properties.error) error ??= event.properties.error;
    return event.type === "session.idle" ? onIdle() : "open";
  }

  /** The prompt waits until somebody raises the budget: that may be never. */
  function waitsForBudget(status: SessionStatus): boolean {
    if (status.type !== "retry" || status.action?.reason !== "budget" || answers.size > 0) return false;
    error ??= { name: "APIError", data: { message: status.message, isRetryable: false } };
    return true;
  }

  function onDelta({ properties }: EventOf<"message.part.delta">): void {
    if (properties.field === "text" && answers.has(properties.messageID)) printer.delta(properties.partID, properties.delta);
  }

  function finish(): { error?: MessageError; rejected: boolean; answered: boolean } {
    if (error) printer.error(error, sessionID);
    printer.end();
    return { error, rejected, answered: answers.size > 0 };
  }

  return { accept, owns: (id) => family.has(id), finish };
}

function noticeOf(status: SessionStatus, printer: Printer): void {
  if (status.type !== "retry") return;
  const seconds = Math.max(0, Math.round((status.next - Date.now()) / 1000));
  printer.notice(`${status.message}; trying again in ${seconds} s (attempt ${status.attempt}).`);
}
