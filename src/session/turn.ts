import { listMessages } from "../../db/queries/message.ts";
import { endPrompts, listPrompts, setPromptStatus } from "../../db/queries/prompt.ts";
import { findSession } from "../../db/queries/session.ts";
import { runTurn } from "../agent/loop.ts";
import { systemPrompt } from "../agent/system.ts";
import type { TurnRequest } from "../agent/turn.ts";
import type { AppendOptions } from "../event/log.ts";
import { price } from "../provider/provider.ts";
import type { Agent } from "../schema/agent.ts";
import { AppError } from "../schema/error.ts";
import type { MessageError, UserMessage } from "../schema/message.ts";
import type { Session } from "../schema/session.ts";
import type { FileTimes } from "../tool/tool.ts";
import { toModelMessages } from "./history.ts";
import type { SessionOptions } from "./options.ts";
import { createRecorder, type Recorder } from "./recorder.ts";
import { createToolbox } from "./toolbox.ts";
import { boundary, scopeOf, type Workspace } from "./workspace.ts";

/** What one turn works with. */
interface TurnInput {
  session: Session;
  question: UserMessage;
  files: FileTimes;
  signal: AbortSignal;
}

/** Runs one accepted prompt to its end. Whatever happens, the turn ends as an event; only a lost lease or store throws (ConflictError, driver error). */
export async function runPrompt(options: SessionOptions, input: TurnInput): Promise<void> {
  const { serverID } = options;
  const { session, question, signal } = input;
  const append: AppendOptions = { scope: scopeOf(session), fence: { sessionID: session.id, serverID } };
  const recorder = createTurnRecorder(options, { session, question, append });
  try {
    const workspace = await options.workspace(session.directory);
    const request = await createRequest(options, input, { workspace, recorder });
    for await (const event of runTurn(request)) await recorder.record(event);
  } catch (error) {
    if (error instanceof AppError && error.name === "ConflictError") throw error;
    options.onError?.(error);
    await recorder.fail(signal.aborted ? { name: "MessageAbortedError", data: { message: "Aborted" } } : toMessageError(error));
  }
}

function createTurnRecorder(options: SessionOptions, turn: { session: Session; question: UserMessage; append: AppendOptions }): Recorder {
  const { log, database } = options;
  const { session, question, append } = turn;
  return createRecorder({
    log,
    append,
    question,
    path: { cwd: session.directory, root: rootOf(session) },
    session: async () => (await findSession(database.orm, session.id)) ?? session,
    marks: {
      started: setPromptStatus(database.orm, [question.id], "started"),
      ended: (answerID) => endPrompts(database.orm, [question.id], answerID),
    },
  });
}

async function createRequest(
  options: SessionOptions,
  input: TurnInput,
  { workspace, recorder }: { workspace: Workspace; recorder: Recorder },
): Promise<TurnRequest> {
  const { database, permissions, questions, log, environment, outputDirectory } = options;
  const { session, question, files, signal } = input;
  const agent = await workspace.agents.get(question.agent);
  const model = await workspace.providers.model(question.model);
  const toolbox = { log, database, permissions, questions, workspace, session, agent, question, files, environment, outputDirectory };
  return {
    model: model.language,
    system: await systemTexts(workspace, { session, question, agent }),
    messages: await history(options, question, model.language.provider),
    tools: model.info.capabilities.toolcall ? createToolbox({ ...toolbox, messageID: () => recorder.message()?.id ?? question.id }) : [],
    settings: {
      temperature: model.info.capabilities.temperature ? agent.temperature : undefined,
      topP: agent.topP,
      providerOptions: model.providerOptions as never,
      headers: { "x-session-id": session.id, "x-session-affinity": session.id },
    },
    price: (tokens) => price(model.info, tokens),
    maxSteps: agent.steps,
    retry: options.retry,
    idleTimeout: options.idleTimeout,
    signal,
  };
}

async function history({ database }: SessionOptions, { id, sessionID }: UserMessage, provider: string) {
  const prompts = await listPrompts(database.orm, sessionID);
  const queued = prompts.filter(({ status, messageID }) => status === "queued" && messageID !== id).map(({ messageID }) => messageID);
  return toModelMessages(await listMessages(database.orm, sessionID), { current: id, queued: new Set(queued), provider });
}

async function systemTexts(workspace: Workspace, turn: { session: Session; question: UserMessage; agent: Agent }): Promise<string[]> {
  const { session, question, agent } = turn;
  const instructions = await workspace.instructions();
  const texts = systemPrompt({
    agent,
    directory: session.directory,
    worktree: boundary(workspace),
    platform: process.platform,
    date: new Date(),
    model: question.model,
    instructions,
    git: workspace.project.vcs === "git" ? await workspace.vcs.info() : undefined,
  });
  return question.system === undefined ? texts : [...texts, question.system];
}

function toMessageError(error: unknown): MessageError {
  if (error instanceof AppError && error.name === "ProviderAuthError") {
    return { name: "ProviderAuthError", data: { providerID: String(error.data.providerID ?? ""), message: error.message } };
  }
  return {
    name: "UnknownError",
    data: { message: error instanceof AppError ? error.message : "The turn failed. The server's log has the details." },
  };
}

/** The worktree, from the session's own place in it. */
function rootOf({ directory, path = "" }: Session): string {
  return path === "" ? directory : directory.slice(0, -path.length - 1);
}
