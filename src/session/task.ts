import { findSession } from "../../db/queries/session.ts";
import { evaluate } from "../permission/permission.ts";
import type { Agent } from "../schema/agent.ts";
import { AppError } from "../schema/error.ts";
import type { ModelRef, UserMessage } from "../schema/message.ts";
import type { MessageWithParts } from "../schema/prompt.ts";
import type { PermissionRuleset, Session } from "../schema/session.ts";
import type { TaskRequest, TaskResult } from "../tool/tool.ts";
import type { SessionOptions } from "./options.ts";
import type { SessionService } from "./session.ts";
import { watchTask } from "./task-watch.ts";

/** How deep sub-agents may start others, unless the configuration's `subagent_depth` says: the session a person talks to is at depth 0. */
const defaultDepth = 3;

/** A task that one session hands to another. */
export interface TaskCall {
  session: Session;
  /** Who hands it over. */
  agent: Agent;
  question: UserMessage;
  request: TaskRequest & { model?: ModelRef };
  signal: AbortSignal;
  /** Told what watchers of the running call see. */
  show(metadata: Record<string, unknown>): void;
}

/** Runs sub-agents, each in a child session of its own. */
export interface Tasks {
  /**
   * Resolves with the sub-agent's last words. Throws AppError: AgentNotFoundError, BadRequest (too deep, a `taskID` that is no child of the session),
   * MessageAbortedError's text as ConflictError when the task was cancelled; when the signal aborts the child session is ended first.
   */
  run(call: TaskCall): Promise<TaskResult>;
}

export function createTasks(options: SessionOptions, sessions: Pick<SessionService, "create" | "prompt" | "abort">): Tasks {
  async function childOf(call: TaskCall, agent: Agent): Promise<Session> {
    const { session, request } = call;
    if (request.taskID !== undefined) return resumed(options, session, request.taskID);
    await requireDepth(options, session);
    return sessions.create(session.directory, {
      parentID: session.id,
      title: `${request.description} (@${agent.name} subagent)`,
      agent: agent.name,
      permission: childRules(call, agent),
    });
  }

  return {
    async run(call) {
      const { session, question, request, signal } = call;
      signal.throwIfAborted();
      const workspace = await options.workspace(session.directory);
      const agent = await workspace.agents.get(request.agent);
      const model = request.model ?? agent.model ?? question.model;
      const child = await childOf(call, agent);
      const metadata = {
        parentSessionId: session.id,
        sessionId: child.id,
        model: { providerID: model.providerID, modelID: model.modelID },
      };
      call.show(metadata);
      using _ = watchTask(options, child.id, (summary) => call.show({ ...metadata, summary }));
      const parts = [{ type: "text" as const, text: request.prompt }];
      const answer = await sessions
        .prompt(child.id, { parts, agent: agent.name, model: { ...model, variant: undefined }, queue: "queue" }, signal)
        .catch(async (error) => {
          if (signal.aborted) await sessions.abort(child.id);
          throw signal.aborted ? cancelled(child.id) : error;
        });
      return { text: outcomeOf(child.id, answer), metadata };
    },
  };
}

/** The sub-agents that one agent may call. */
export function subagentsOf(agents: Agent[], rules: PermissionRuleset): Agent[] {
  const isOpen = ({ name }: Agent): boolean => evaluate(rules, "task", name) !== "deny";
  return agents.filter((agent) => agent.mode !== "primary" && !agent.hidden && isOpen(agent));
}

export function requireSubagent(subagents: Agent[], name: string): void {
  if (subagents.some((agent) => agent.name === name)) return;
  const known = subagents.map((agent) => agent.name);
  throw new AppError("AgentNotFoundError", `There is no sub-agent ${JSON.stringify(name)}. The sub-agents are: ${known.join(", ")}.`, {
    name,
    known,
  });
}

async function resumed({ database }: SessionOptions, parent: Session, taskID: string): Promise<Session> {
  const child = await findSession(database.orm, taskID);
  if (child?.parentID === parent.id) return child;
  const message = `There is no task ${taskID} of this session. Leave task_id out to start a new one.`;
  throw new AppError("BadRequest", message, { taskID });
}

async function requireDepth(options: SessionOptions, session: Session): Promise<void> {
  const { config } = (await options.workspace(session.directory)).config;
  const limit = config.subagent_depth ?? defaultDepth;
  let depth = 1;
  for (let above = session.parentID; above !== undefined; depth += 1) above = (await findSession(options.database.orm, above))?.parentID;
  if (depth <= limit) return;
  const message = `Sub-agents may be ${limit} deep and this one would be deeper (subagent_depth in the configuration). Do the task yourself.`;
  throw new AppError("BadRequest", message, { depth, limit });
}

/**
 * What holds for a child beside its agent's rules: the rules of the session above, and that it edits no files where the agent above may not. It
 * starts no tasks and keeps no list unless its agent is expressly allowed to.
 */
function childRules({ session, agent }: TaskCall, child: Agent): PermissionRuleset {
  const firm = agent.permission.filter(({ permission, pattern, action }) => permission === "edit" && pattern === "*" && action === "deny");
  const isReadOnly = agent.permission.findLast(({ permission }) => permission === "edit" || permission === "*") === firm.at(-1);
  const own = ["task", "todowrite", "todoread"].filter(
    (name) => !child.permission.some((rule) => rule.permission === name && rule.action === "allow"),
  );
  return [
    ...(session.permission ?? []),
    ...(isReadOnly ? firm.slice(-1) : []),
    ...own.map((permission) => ({ permission, pattern: "*", action: "deny" as const })),
  ];
}

function outcomeOf(taskID: string, { info, parts }: MessageWithParts): string {
  const error = info.role === "assistant" ? info.error : undefined;
  if (error?.name === "MessageAbortedError") throw cancelled(taskID);
  if (error !== undefined) {
    const reason = "message" in error.data ? String(error.data.message) : error.name;
    throw new AppError("ServiceUnavailableError", `The sub-agent failed: ${reason} (task_id: ${taskID})`, { taskID, error });
  }
  return parts.findLast((part) => part.type === "text")?.text ?? "";
}

function cancelled(taskID: string): AppError {
  return new AppError("ConflictError", "Task cancelled", { taskID, cancelled: true });
}
