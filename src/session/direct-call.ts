import { withParts } from "../../db/queries/message.ts";
import { endTurn, enqueuePrompt } from "../../db/queries/prompt.ts";
import type { TurnTool, TurnToolResult } from "../agent/turn.ts";
import type { Actor } from "../schema/audit.ts";
import { denialOf } from "../schema/error.ts";
import { createId } from "../schema/id.ts";
import type { AssistantMessage, UserMessage } from "../schema/message.ts";
import type { TextPart } from "../schema/part.ts";
import type { MessageWithParts } from "../schema/prompt.ts";
import type { Session } from "../schema/session.ts";
import { recordOf } from "./accept.ts";
import { goOn } from "./drop.ts";
import { aborted } from "./ending.ts";
import { concludeFiles } from "./file-history.ts";
import { endedMessage } from "./interrupted.ts";
import type { SessionOptions } from "./options.ts";
import { createPartRecorder, type PartRecorder } from "./part-recorder.ts";
import { fenced } from "./turn-input.ts";
import { boundary, type Workspace } from "./workspace.ts";

/** A tool that somebody else than a model calls. The session is the caller's alone (`Runner.exclusive`). */
export interface DirectCall {
  session: Session;
  workspace: Workspace;
  question: UserMessage;
  tool: string;
  input: Record<string, unknown>;
  /** Who calls, and by which procedure, for the record. */
  actor?: Actor;
  action: "session.shell" | "tool.run";
  signal: AbortSignal;
  /** The tool, bound to the session and the message that holds the call. */
  toolOf(messageID: string): TurnTool;
}

export interface DirectOutcome {
  callID: string;
  message: MessageWithParts;
  result?: TurnToolResult;
  /** What the tool threw. */
  error?: unknown;
}

/** Runs the tool and leaves a message with the call, which answers a question that says what was run; the next model that is asked sees both. Never rejects for what the tool throws. */
export async function runDirectCall(options: SessionOptions, call: DirectCall): Promise<DirectOutcome> {
  const { session, workspace, question, signal } = call;
  const { log, database } = options;
  const append = fenced(options, session);
  const message = await open(options, call);
  const callID = createId("tool");
  const outcome = await execute(call, { callID, messageID: message.id, parts: createPartRecorder({ log, append, message }) });
  const info = { ...message, time: { ...message.time, completed: Date.now() }, ...(signal.aborted && { error: aborted }) };
  const ended = endTurn(database.orm, { sessionID: session.id, messageIDs: [question.id] }, message.id);
  await log.append([{ type: "message.updated", properties: { sessionID: session.id, info } }], { ...append, writes: [ended] });
  await concludeFiles(options, session, { questions: [question], snapshots: workspace.snapshots }).catch((error) =>
    options.onError?.(error),
  );
  const [answer = { info, parts: [] }] = await withParts(database.orm, [info]);
  return { ...outcome, callID, message: answer };
}

async function execute(
  { tool, input, signal, toolOf }: DirectCall,
  { callID, messageID, parts }: { callID: string; messageID: string; parts: PartRecorder },
): Promise<Pick<DirectOutcome, "result" | "error">> {
  await parts.record({ type: "tool-running", callID, tool, input });
  try {
    const result = await toolOf(messageID).execute({
      callID,
      input,
      signal,
      progress: (update) => void parts.record({ type: "tool-progress", callID, ...update }),
    });
    await parts.record({ type: "tool-completed", callID, tool, input, ...result });
    return { result };
  } catch (error) {
    const text = signal.aborted ? "Tool execution aborted" : error instanceof Error ? error.message : String(error);
    const metadata = signal.aborted ? { interrupted: true } : denialOf(error);
    await parts.record({ type: "tool-error", callID, tool, input, error: text, metadata });
    return { error };
  }
}

/** The question, which says what follows, and the message that the call is a part of. */
async function open(options: SessionOptions, { session, workspace, question, tool, actor, action }: DirectCall): Promise<AssistantMessage> {
  const sessionID = session.id;
  const { error: _, time, ...ended } = endedMessage(session, question, aborted);
  const message = { ...ended, time: { created: time.created }, path: { cwd: session.directory, root: boundary(workspace) } };
  const text = "The following tool was executed by the user";
  const part: TextPart = { id: createId("part"), sessionID, messageID: question.id, type: "text", text, synthetic: true };
  const { fence } = fenced(options, session);
  await goOn(options, sessionID, {
    events: [
      { type: "session.status", properties: { sessionID, status: { type: "busy" } } },
      { type: "message.updated", properties: { sessionID, info: question } },
      { type: "message.part.updated", properties: { sessionID, part, time: Date.now() } },
      { type: "message.updated", properties: { sessionID, info: message } },
    ],
    append: {
      fence,
      writes: [
        enqueuePrompt(options.database.orm, { messageID: question.id, sessionID, status: "started" }),
        ...recordOf(options, session, { actor, action, tool, messageID: question.id }),
      ],
    },
  });
  return message;
}
