import { findMessage, listAnswers } from "../../db/queries/message.ts";
import { findPrompt } from "../../db/queries/prompt.ts";
import type { TurnTool } from "../agent/turn.ts";
import { AppError } from "../schema/error.ts";
import { createId } from "../schema/id.ts";
import type { UserMessage } from "../schema/message.ts";
import type { MessageWithParts, ShellInput } from "../schema/prompt.ts";
import type { Session } from "../schema/session.ts";
import { createFileTimes } from "../tool/registry.ts";
import { createTurnChanges } from "./changes.ts";
import { type DirectCall, runDirectCall } from "./direct-call.ts";
import { knownSession } from "./known.ts";
import type { SessionOptions } from "./options.ts";
import type { Runner } from "./runner.ts";
import type { SessionService } from "./session.ts";
import { createToolbox } from "./toolbox.ts";
import type { Workspace } from "./workspace.ts";

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
      const action = "session.shell" as const;
      const call = { session, workspace, question, tool: "bash", input: { command: input.command }, actor: input.actor, action };
      const toolOf = (messageID: string) => bashOf(options, call, messageID);
      const run = async (signal: AbortSignal) => (await runDirectCall(options, { ...call, signal, toolOf })).message;
      return runner.exclusive(id, run, { tells: true });
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

/** What a call that no model makes answers: it names agent and model as a prompt does. Throws AgentNotFoundError. */
export async function questionOf(
  workspace: Workspace,
  session: Session,
  input: Pick<ShellInput, "model" | "messageID"> & { agent?: string },
): Promise<UserMessage> {
  const agent = await workspace.agents.get(input.agent ?? session.agent);
  const last = session.model && { providerID: session.model.providerID, modelID: session.model.id };
  const model = input.model ?? agent.model ?? last ?? (await workspace.providers.defaultModel());
  const id = input.messageID ?? createId("message");
  return { id, sessionID: session.id, role: "user", time: { created: Date.now() }, agent: agent.name, model };
}

type ShellCall = Pick<DirectCall, "session" | "workspace" | "question">;

/** The bash tool as a person uses it: nobody is asked. */
function bashOf(options: SessionOptions, { session, workspace, question }: ShellCall, messageID: string): TurnTool {
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
  return { ...bash, execute: (call) => bash.execute({ ...call, input: { ...(call.input as ShellInput), timeout } }) };
}
