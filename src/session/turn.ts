import { withParts } from "../../db/queries/message.ts";
import { claimPrompts, endTurn } from "../../db/queries/prompt.ts";
import { runTurn } from "../agent/loop.ts";
import { AppError, toAppError } from "../schema/error.ts";
import type { MessageError, UserMessage } from "../schema/message.ts";
import type { Session } from "../schema/session.ts";
import { createTurnChanges, type TurnChanges } from "./changes.ts";
import { compactAsAsked, compactTurn } from "./compaction.ts";
import { isConflict } from "./ending.ts";
import { concludeFiles } from "./file-history.ts";
import { storeFault } from "./interrupted.ts";
import { createJoins, type Joins } from "./join.ts";
import type { SessionOptions } from "./options.ts";
import { pruneOutputs } from "./prune.ts";
import { createRecorder, type Recorder, type RecorderOptions } from "./recorder.ts";
import { answerFromMemory } from "./remember.ts";
import { createRequest, isAutomatic, type RequestContext } from "./request.ts";
import { createStructuredOutput, type StructuredOutput, structuredFailure } from "./structured.ts";
import { runSubtasks } from "./subtask.ts";
import { changeOf, fenced, type TurnInput } from "./turn-input.ts";
import type { Workspace } from "./workspace.ts";

/** A conversation that is outgrown again and again without getting on is given up. */
const mostCompactions = 5;

/** Runs one accepted prompt to its end. Whatever happens, the turn ends as an event; only a lost lease or store throws (ConflictError, driver error). */
export async function runPrompt(options: SessionOptions, input: TurnInput): Promise<void> {
  const turn: Turn = { options, input, marks: marksOf(options, input), recorder: undefined };
  try {
    const workspace = await options.workspace(input.session.directory);
    if (await answerFromMemory(options, input.question, () => rememberRecorder(turn))) return;
    if (await isCompaction(options, input.question)) await compactAsAsked(options, input, { workspace, marks: turn.marks });
    else {
      await runSubtasks(
        options,
        input,
        recorderFor(turn, () => input.question),
      );
      await answer(turn, workspace);
    }
    // The turn has ended: what fails now is no part of it.
    await pruneOutputs(options, input.session, workspace).catch(unlessConflict(options));
  } catch (error) {
    if (isConflict(error)) throw error;
    options.onError?.(error);
    const recorder = turn.recorder ?? recorderFor(turn, () => input.question);
    await recorder.fail(input.signal.aborted ? { name: "MessageAbortedError", data: { message: "Aborted" } } : toMessageError(error));
  }
}

function rememberRecorder(turn: Turn): Recorder {
  turn.recorder = recorderFor(turn, () => turn.input.question);
  return turn.recorder;
}

interface Turn {
  options: SessionOptions;
  input: TurnInput;
  marks: RecorderOptions["marks"];
  /** Writes the messages of the question that is being answered. */
  recorder: Recorder | undefined;
  changes?: TurnChanges;
  conclude?: RecorderOptions["conclude"];
}

/** Answers the question; when the conversation is outgrown on the way, goes on after a compaction. */
async function answer(turn: Turn, workspace: Workspace): Promise<void> {
  const { options, input } = turn;
  let { question } = input;
  followFiles(turn, workspace);
  const structured = createStructuredOutput(question.format);
  for (let compactions = 0; ; compactions += 1) {
    const joins = createJoins(options, { ...input, question });
    const recorder = recorderFor(turn, joins.question);
    turn.recorder = recorder;
    const outcome = await pursue(turn, { workspace, joins, recorder, structured, last: compactions === mostCompactions });
    if (outcome === "over") return;
    const compacted = await compactTurn(options, { ...input, question: joins.question() }, { workspace, cause: outcome });
    if ("error" in compacted) return recorder.fail(compacted.error);
    question = compacted.next;
  }
}

interface Pursuit {
  workspace: Workspace;
  joins: Joins;
  recorder: Recorder;
  structured: StructuredOutput | undefined;
  /** No further compaction: an overflow is the end. */
  last: boolean;
}

/** Runs the loop until the turn is over or the conversation is too long; reminds a model that forgot the shape of its answer. */
async function pursue(turn: Turn, pursuit: Pursuit): Promise<"over" | "limit" | "overflow"> {
  const { structured, recorder } = pursuit;
  for (let reminders = 0; ; reminders += 1) {
    const outcome = await runLoop(turn, pursuit, reminders > 0);
    if (outcome !== "prose") return outcome;
    if (structured && reminders < structured.retries) continue;
    await recorder.fail(structuredFailure(reminders));
    return "over";
  }
}

async function runLoop(turn: Turn, pursuit: Pursuit, remind: boolean): Promise<"over" | "limit" | "overflow" | "prose"> {
  const { options, input } = turn;
  const { workspace, joins, recorder, structured, last } = pursuit;
  const question = joins.question();
  const context: RequestContext = {
    workspace,
    joins,
    structured,
    remind,
    changes: turn.changes,
    messageID: () => recorder.message()?.id ?? question.id,
  };
  const request = await createRequest(options, { ...input, question }, context);
  for await (const event of runTurn({ ...request, outgrown: last ? undefined : request.outgrown })) {
    if (event.type === "turn-finish" && event.reason === "outgrown") return "limit";
    if (event.type === "turn-finish" && structured) {
      const value = structured.value();
      if (value === undefined && ["stop", "other", "unknown"].includes(event.reason)) return "prose";
      if (value) await recorder.amend({ structured: value.given });
    }
    if (event.type === "turn-error" && event.error.name === "ContextOverflowError" && !last && isAutomatic(workspace)) {
      await recorder.fail(event.error, { ...event, open: true });
      return "overflow";
    }
    await recorder.record(event);
  }
  return "over";
}

/** From here on, what the turn does to files is put on record. */
function followFiles(turn: Turn, { snapshots }: Workspace): void {
  const { options, input } = turn;
  const { database, onError } = options;
  turn.changes = createTurnChanges({ database, sessionID: input.session.id, snapshots, onError });
  if (turn.changes === undefined) return;
  turn.conclude = (questions) => concludeFiles(options, input.session, { questions, snapshots }).catch(unlessConflict(options));
}

/** Reports a failure that does not concern the turn; a lost lease ends it all the same. */
function unlessConflict({ onError }: SessionOptions): (error: unknown) => void {
  return (error) => {
    if (isConflict(error)) throw error;
    onError?.(error);
  };
}

function recorderFor({ options, input, marks, changes, conclude }: Turn, question: () => UserMessage): Recorder {
  const { session } = input;
  return createRecorder({
    log: options.log,
    append: fenced(options, session),
    get question() {
      return question();
    },
    path: { cwd: session.directory, root: rootOf(session) },
    change: changeOf(options, session),
    marks,
    step: changes?.step,
    conclude,
  });
}

function marksOf({ database }: SessionOptions, { session, prompts }: TurnInput): RecorderOptions["marks"] {
  const turn = { sessionID: session.id, messageIDs: prompts };
  return { started: claimPrompts(database.orm, prompts, "started"), ended: (answerID) => endTurn(database.orm, turn, answerID) };
}

async function isCompaction({ database }: SessionOptions, question: UserMessage): Promise<boolean> {
  const [message] = await withParts(database.orm, [question]);
  return message?.parts.some((part) => part.type === "compaction") ?? false;
}

function toMessageError(error: unknown): MessageError {
  if (error instanceof AppError && error.name === "ProviderAuthError") {
    return { name: "ProviderAuthError", data: { providerID: String(error.data.providerID ?? ""), message: error.message } };
  }
  return {
    name: "UnknownError",
    data: { message: told(error) },
  };
}

function told(error: unknown): string {
  if (toAppError(error).name === "StorageFullError") return `Interrupted: ${storeFault(error)}`;
  return error instanceof AppError ? error.message : "The turn failed. The server's log has the details.";
}

/** The worktree, from the session's own place in it. */
function rootOf({ directory, path = "" }: Session): string {
  return path === "" ? directory : directory.slice(0, -path.length - 1);
}
