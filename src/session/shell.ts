import { findMessage, listAnswers, withParts } from "../../db/queries/message.ts";
import { endTurn, enqueuePrompt, findPrompt } from "../../db/queries/prompt.ts";
import { AppError } from "../schema/error.ts";
import { createId } from "../schema/id.ts";
import type { AssistantMessage, UserMessage } from "../schema/message.ts";
import type { TextPart } from "../schema/part.ts";
import type { MessageWithParts, ShellInput } from "../schema/prompt.ts";
import type { Session } from "../schema/session.ts";
import { createFileTimes } from "../tool/registry.ts";
import { createTurnChanges } from "./changes.ts";
import { goOn } from "./drop.ts";
import { aborted } from "./ending.ts";
import { concludeFiles } from "./file-history.ts";
import { knownSession } from "./known.ts";
import type { SessionOptions } from "./options.ts";
import { createPartRecorder } from "./part-recorder.ts";
import { endedMessage } from "./recovery.ts";
import type { Runner } from "./runner.ts";
import type { SessionService } from "./session.ts";
import { createToolbox } from "./toolbox.ts";
import { fenced } from "./turn-input.ts";
import { boundary, type Workspace } from "./workspace.ts";

/** As long as the tool allows: whoever types a command decides when it is over. */
const timeout = 600_000;

/** Commands that a person runs in a session: no model is asked, but the next one it asks sees what was run. */
export function createShell(options: SessionOptions, runner: Runner): Pick<SessionService, "shell"> {
  const { orm } = options.database;
  return {
    async shell(id, input) {
      const session = await knownSession(orm, id);
      const stored = input.messageID === undefined ? undefined : await storedAnswer(options, id, input.messageID);
      if (stored) return stored;
      const workspace = await options.workspace(session.directory);
      const question = await questionOf(workspace, session, input);
      const call = { session, workspace, question, command: input.command };
      return runner.exclusive(id, (signal) => runShell(options, { ...call, signal }), { tells: true });
    },
  };
}

async function storedAnswer(
  { database: { orm } }: SessionOptions,
  sessionID: string,
  messageID: string,
): Promise<MessageWithParts | undefined> {
  const known = await findPrompt(orm, messageID);
  if (known === undefined && (await findMessage(orm, messageID)) === undefined) return undefined;
  if (known?.sessionID === sessionID) return (await listAnswers(orm, messageID)).at(-1);
  throw new AppError("ConflictError", `The message id ${messageID} is taken.`, { resource: messageID });
}

async function questionOf(workspace: Workspace, session: Session, input: ShellInput): Promise<UserMessage> {
  const agent = await workspace.agents.get(input.agent);
  const last = session.model && { providerID: session.model.providerID, modelID: session.model.id };
  const model = input.model ?? agent.model ?? last ?? (await workspace.providers.defaultModel());
  const id = input.messageID ?? createId("message");
  return { id, sessionID: session.id, role: "user", time: { created: Date.now() }, agent: agent.name, model };
}

interface ShellCall {
  session: Session;
  workspace: Workspace;
  question: UserMessage;
  command: string;
  signal: AbortSignal;
}

async function runShell(options: SessionOptions, call: ShellCall): Promise<MessageWithParts> {
  const { session, workspace, question, signal } = call;
  const { log, database } = options;
  const append = fenced(options, session);
  const message = await open(options, call);
  const parts = createPartRecorder({ log, append, message });
  const [callID, tool, input] = [createId("tool"), "bash", { command: call.command }];
  await parts.record({ type: "tool-running", callID, tool, input });
  try {
    const result = await bashOf(options, call, message.id).execute({
      callID,
      input: { ...input, timeout },
      signal,
      progress: (update) => void parts.record({ type: "tool-progress", callID, ...update }),
    });
    await parts.record({ type: "tool-completed", callID, tool, input, ...result });
  } catch (error) {
    const text = signal.aborted ? "Tool execution aborted" : error instanceof Error ? error.message : String(error);
    await parts.record({
      type: "tool-error",
      callID,
      tool,
      input,
      error: text,
      metadata: signal.aborted ? { interrupted: true } : undefined,
    });
  }
  const info = { ...message, time: { ...message.time, completed: Date.now() }, ...(signal.aborted && { error: aborted }) };
  const ended = endTurn(database.orm, { sessionID: session.id, messageIDs: [question.id] }, message.id);
  await log.append([{ type: "message.updated", properties: { sessionID: session.id, info } }], { ...append, writes: [ended] });
  await concludeFiles(options, session, { questions: [question], snapshots: workspace.snapshots }).catch((error) =>
    options.onError?.(error),
  );
  const [answer = { info, parts: [] }] = await withParts(database.orm, [info]);
  return answer;
}

/** The question, which says what follows, and the message that the command is a part of. */
async function open(options: SessionOptions, { session, workspace, question }: ShellCall): Promise<AssistantMessage> {
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
    append: { fence, writes: [enqueuePrompt(options.database.orm, { messageID: question.id, sessionID, status: "started" })] },
  });
  return message;
}

/** The bash tool as a person uses it: nobody is asked. */
function bashOf(options: SessionOptions, { session, workspace, question }: ShellCall, messageID: string) {
  const everything = [{ permission: "*", pattern: "*", action: "allow" as const }];
  const agent = { name: question.agent, mode: "primary" as const, permission: everything, options: {} };
  const tools = createToolbox({
    ...options,
    permissions: { ...options.permissions, ask: async () => {} },
    workspace,
    session: { ...session, permission: [] },
    agent,
    question,
    files: createFileTimes(),
    changes: createTurnChanges({ ...options, sessionID: session.id, snapshots: workspace.snapshots }),
    subagents: [],
    messageID: () => messageID,
  });
  const bash = tools.find(({ name }) => name === "bash");
  if (bash === undefined) throw new AppError("BadRequest", "There is no bash tool here.");
  return bash;
}
