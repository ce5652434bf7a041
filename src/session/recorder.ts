import type { Statement } from "../../db/client.ts";
import type { TurnEvent } from "../agent/turn.ts";
import type { AppendOptions, EventLog, NewEvent } from "../event/log.ts";
import { createId } from "../schema/id.ts";
import type { AssistantMessage, MessageError, Tokens, UserMessage } from "../schema/message.ts";
import type { Part } from "../schema/part.ts";
import type { Session } from "../schema/session.ts";
import type { SessionCommit } from "./change.ts";
import type { StepSnapshots } from "./changes.ts";
import { createPartRecorder, type PartRecorder } from "./part-recorder.ts";
import { patchOf, stepEvents } from "./step-files.ts";
import { addTotals } from "./totals.ts";

/** Turns what happens in a turn into the log's events: one assistant message per step, its parts as they come. */
export interface Recorder {
  /** The assistant message being written; undefined before the first step. */
  message(): AssistantMessage | undefined;
  record(event: TurnEvent): Promise<void>;
  /** Ends the turn as failed although the loop never ran (no model, no history). */
  fail(error: MessageError, details?: FailureDetails): Promise<void>;
  /** Adds to the message of the last step. */
  amend(change: Pick<AssistantMessage, "structured">): Promise<void>;
}

export interface FailureDetails {
  tokens?: Tokens;
  cost?: number;
  /** The message has failed, the prompt has not: it goes on with another message. */
  open?: boolean;
}

export interface RecorderOptions {
  log: EventLog;
  append: AppendOptions;
  /** Commits a change of the session (`changeSession`). */
  change(prepare: (current: Session) => SessionCommit): Promise<void>;
  /** What is being answered. Read anew for each message: a prompt that joins the turn is the parent of those that follow. */
  readonly question: UserMessage;
  path: { cwd: string; root: string };
  /** The message is a handover, not an answer. */
  summary?: boolean;
  /** What the steps do to files. */
  step?: StepSnapshots;
  /** Tells, at the end of the turn, what its questions led to change in files. Does not throw. */
  conclude?: (questions: UserMessage[]) => Promise<void>;
  /** Statements that mark the prompt as started and as ended: committed with the first step and with the end of the turn. None where the turn is a part of another one's. */
  marks?: { started: Statement; ended(answerID: string): Statement };
}

export function createRecorder(options: RecorderOptions): Recorder {
  const { log, append, question } = options;
  const sessionID = question.sessionID;
  let message: AssistantMessage | undefined;
  let parts: PartRecorder | undefined;
  const answered = new Map<string, UserMessage>();

  const commit = (events: NewEvent[], writes: Statement[] = []) => log.append(events, { ...append, writes });
  const busy: NewEvent = { type: "session.status", properties: { sessionID, status: { type: "busy" } } };
  const updated = (info: AssistantMessage): NewEvent => ({ type: "message.updated", properties: { sessionID, info } });

  async function openMessage(): Promise<void> {
    const first = message === undefined;
    message = createMessage(options);
    answered.set(options.question.id, options.question);
    options.step?.begin();
    parts = createPartRecorder({ log, append, message, snapshot: options.step?.started });
    await commit([busy, updated(message)], first && options.marks ? [options.marks.started] : []);
  }

  async function finishStep({ reason, tokens, cost }: Extract<TurnEvent, { type: "step-finish" }>): Promise<void> {
    if (message === undefined) return;
    const end = await options.step?.finished();
    const finished = { ...message, finish: reason, tokens, cost };
    message = { ...finished, time: { ...message.time, completed: Date.now() } };
    const part: Part = { id: createId("part"), sessionID, messageID: message.id, type: "step-finish", reason, tokens, cost };
    const told = stepEvents({ ...part, snapshot: end?.snapshot }, end, parts);
    const events = [...told.finish, updated(finished), ...told.patch, updated(message)];
    await options.change((session) => ({
      events: [...events, { type: "session.updated", properties: { sessionID, info: addTotals(session, { tokens, cost }) } }],
      append,
    }));
  }

  const ended = (): Statement[] => (message && options.marks ? [options.marks.ended(message.id)] : []);

  const conclude = async (): Promise<void> => options.conclude?.([...answered.values()]);

  async function fail(error: MessageError, { open, ...used }: FailureDetails = {}): Promise<void> {
    message ??= createMessage(options);
    const patch = patchOf(message, await options.step?.finished());
    if (!open) await conclude();
    const { tokens = message.tokens, cost = message.cost } = used;
    message = { ...message, error, tokens, cost, time: { ...message.time, completed: message.time.completed ?? Date.now() } };
    await commit([{ type: "session.error", properties: { sessionID, error } }, ...patch, updated(message)], open ? [] : ended());
  }

  return {
    message: () => message,
    fail,
    async amend(change) {
      if (message === undefined) return;
      message = { ...message, ...change };
      await commit([updated(message)]);
    },
    async record(event) {
      if (event.type === "step") return openMessage();
      if (event.type === "step-finish") return finishStep(event);
      if (event.type === "turn-error") return fail(event.error, event);
      if (event.type === "turn-finish") {
        await conclude();
        await commit([busy], ended());
      } else if (event.type === "retry") {
        await commit([retrying(sessionID, event)]);
      } else {
        await parts?.record(event);
      }
    },
  };
}

function retrying(sessionID: string, { attempt, message, next }: Extract<TurnEvent, { type: "retry" }>): NewEvent {
  return { type: "session.status", properties: { sessionID, status: { type: "retry", attempt, message, next } } };
}

function createMessage({ question, path, summary }: RecorderOptions): AssistantMessage {
  const { providerID, modelID, variant } = question.model;
  return {
    id: createId("message"),
    sessionID: question.sessionID,
    role: "assistant",
    time: { created: Date.now() },
    parentID: question.id,
    modelID,
    providerID,
    variant,
    mode: question.agent,
    agent: question.agent,
    path,
    summary,
    cost: 0,
    tokens: { input: 0, output: 0, reasoning: 0, cache: { read: 0, write: 0 } },
  };
}
