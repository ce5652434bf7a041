import type { ModelMessage } from "ai";
import { listMessages } from "../../db/queries/message.ts";
import { listPrompts } from "../../db/queries/prompt.ts";
import { systemPrompt } from "../agent/system.ts";
import type { Patience, TurnRequest } from "../agent/turn.ts";
import { price, type ResolvedModel } from "../provider/provider.ts";
import type { Agent } from "../schema/agent.ts";
import type { UserMessage } from "../schema/message.ts";
import type { Session } from "../schema/session.ts";
import { budgetOf } from "./budget.ts";
import type { TurnChanges } from "./changes.ts";
import { contextLimit, totalOf } from "./context-limit.ts";
import { toModelMessages } from "./history.ts";
import type { Joins } from "./join.ts";
import { offeredSkills } from "./offered-skills.ts";
import type { SessionOptions } from "./options.ts";
import { type StructuredOutput, structuredReminder } from "./structured.ts";
import { subagentsOf } from "./task.ts";
import { createToolbox } from "./toolbox.ts";
import type { TurnInput } from "./turn-input.ts";
import { boundary, type Workspace } from "./workspace.ts";

export interface RequestContext {
  workspace: Workspace;
  /** The assistant message whose step is running. */
  messageID(): string;
  /** What joins the turn while it runs. */
  joins: Joins;
  changes?: TurnChanges;
  structured?: StructuredOutput;
  /** The model answered in prose although a shape was asked for. */
  remind?: boolean;
}

/** What the loop is given for one question: the conversation so far, the tools bound to the session, the model and its limits. */
export async function createRequest(options: SessionOptions, input: TurnInput, context: RequestContext): Promise<TurnRequest> {
  const { workspace, structured, messageID, joins, changes } = context;
  const { session, question, files, signal } = input;
  const agent = await workspace.agents.get(question.agent);
  const model = await workspace.providers.model(question.model);
  const messages = await conversation(options, question, model.language.provider);
  const subagents = subagentsOf(await workspace.agents.list(), [...agent.permission, ...(session.permission ?? [])]);
  const skills = await offeredSkills(workspace, { agent, session });
  const toolbox = { ...options, skills, workspace, session, agent, subagents, question, files, messageID, changes };
  await workspace.mcp.ready(signal);
  const tools = model.info.capabilities.toolcall ? createToolbox(toolbox) : [];
  return {
    ...callOf(options, { model, agent, session }),
    system: await systemTexts(workspace, { session, question, agent }),
    messages: context.remind ? [...messages, { role: "user", content: structuredReminder }] : messages,
    tools: structured ? [...tools, structured.tool] : tools,
    settings: { ...settingsOf({ model, agent, session }), toolChoice: structured ? "required" : undefined },
    maxSteps: agent.steps,
    outgrown: isAutomatic(workspace)
      ? (tokens) => contextLimit(model.info, workspace.config.config.compaction).isOutgrownBy(totalOf(tokens))
      : undefined,
    incoming: () => joins.incoming(model.language.provider),
    signal,
  };
}

export function isAutomatic({ config }: Workspace): boolean {
  return config.config.compaction?.auto !== false;
}

/** The parts of a request that do not depend on what is said. */
export function callOf(
  options: SessionOptions,
  call: { model: ResolvedModel; agent: Agent; session: Session },
): Pick<TurnRequest, "model" | "settings" | "budget" | "price" | "retry" | "patience"> {
  const { model } = call;
  const { retry } = options;
  const patience = patienceOf(options, model);
  const budget = budgetOf(options, call);
  return { model: model.language, settings: settingsOf(call), budget, price: (tokens) => price(model.info, tokens), retry, patience };
}

/** What the provider's configuration says, over the server's own. */
export function patienceOf({ idleTimeout }: Pick<SessionOptions, "idleTimeout">, { patience }: ResolvedModel): Patience {
  return { ...patience, idle: patience.idle ?? idleTimeout };
}

function settingsOf({ model, agent, session }: { model: ResolvedModel; agent: Agent; session: Session }): TurnRequest["settings"] {
  return {
    temperature: model.info.capabilities.temperature ? agent.temperature : undefined,
    topP: agent.topP,
    providerOptions: model.providerOptions as never,
    headers: { "x-session-id": session.id, "x-session-affinity": session.id },
  };
}

/** What was said up to the question, which comes last. Prompts that wait behind it are left out. */
export async function conversation(
  { database }: SessionOptions,
  { id, sessionID }: UserMessage,
  provider: string,
): Promise<ModelMessage[]> {
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
    git: workspace.project.vcs === "git" ? { branch: await workspace.vcs.branch() } : undefined,
  });
  return question.system === undefined ? texts : [...texts, question.system];
}
