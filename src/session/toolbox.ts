import { join } from "node:path";
import { z } from "zod";
import type { Database } from "../../db/client.ts";
import { findSession } from "../../db/queries/session.ts";
import { listTodos } from "../../db/queries/todo.ts";
import type { TurnTool } from "../agent/turn.ts";
import type { EventLog } from "../event/log.ts";
import { matches, type PermissionService } from "../permission/permission.ts";
import type { QuestionService } from "../question/question.ts";
import type { Agent } from "../schema/agent.ts";
import { AppError } from "../schema/error.ts";
import type { UserMessage } from "../schema/message.ts";
import type { PermissionRuleset, Session } from "../schema/session.ts";
import type { Skill } from "../schema/skill.ts";
import { type BackgroundCommands, type OwnedProcesses, runTool } from "../tool/registry.ts";
import type { FileTimes, Tool, ToolContext } from "../tool/tool.ts";
import type { CallChanges, TurnChanges } from "./changes.ts";
import { createLoopGuard } from "./doom-loop.ts";
import { requireSubagent, type Tasks } from "./task.ts";
import { boundary, scopeOf, type Workspace } from "./workspace.ts";

/** The tools of one turn, bound to its session: what a tool may ask of the world is answered here. */
export interface ToolboxOptions {
  log: EventLog;
  database: Database;
  permissions: PermissionService;
  questions: Pick<QuestionService, "ask">;
  background: Pick<BackgroundCommands, "of">;
  workspace: Workspace;
  session: Session;
  agent: Agent;
  question: UserMessage;
  files: FileTimes;
  /** Those that this agent may load. */
  skills?: Skill[];
  /** Those that this agent may hand a task to. */
  subagents: Agent[];
  tasks?: Tasks;
  /** Where what the tools change is put on record. */
  changes?: TurnChanges;
  /** The assistant message whose step is running. */
  messageID(): string;
  processes: Pick<OwnedProcesses, "environmentOf">;
  /** Where full outputs are kept; each session has a directory of its own in it. */
  outputDirectory: string;
}

const defaultLimit = { maxLines: 2000, maxBytes: 50 * 1024 };

export function createToolbox(options: ToolboxOptions): TurnTool[] {
  const { agent, session, question } = options;
  const rules = [...agent.permission, ...(session.permission ?? [])];
  const timeout = options.workspace.config.config.server?.askTimeout;
  const guard = createLoopGuard(async ({ callID, signal }, request) =>
    options.permissions.ask({
      session,
      rules: await rulesInForce(options),
      ...request,
      tool: { messageID: options.messageID(), callID },
      signal,
      timeout,
    }),
  );
  return offeredTools({ ...options, rules })
    .filter(({ id }) => question.tools?.[id] !== false)
    .map((tool) => guard(toTurnTool(tool, options)));
}

/** All tools of a directory. */
export function toolsOf({ tools, mcp }: Pick<Workspace, "tools" | "mcp">): Tool[] {
  return [...tools, ...mcp.tools(tools.map(({ id }) => id))];
}

/** The tools that these rules leave, each with the words that describe it there. */
export function offeredTools({
  workspace,
  rules,
  ...place
}: { workspace: Pick<Workspace, "tools" | "mcp">; rules: PermissionRuleset } & Pick<ToolboxOptions, "skills" | "subagents">): Tool[] {
  return toolsOf(workspace).flatMap((tool) => {
    if (isDenied(rules, permissionOf(tool.id))) return [];
    const description = tool.describe ? tool.describe(place) : tool.description;
    return description === undefined ? [] : [{ ...tool, description }];
  });
}

/** JSON Schema of a tool's input. */
export function schemaOf({ schema, input }: Tool): Record<string, unknown> {
  return schema ?? (z.toJSONSchema(input, { io: "input" }) as Record<string, unknown>);
}

/** The permission that governs a tool: writing and editing are one. */
const permissionOf = (toolID: string): string => (toolID === "write" || toolID === "apply_patch" ? "edit" : toolID);

/** A tool denied for every pattern is not offered at all. */
function isDenied(rules: PermissionRuleset, permission: string): boolean {
  const rule = rules.findLast((candidate) => matches(permission, candidate.permission));
  return rule?.pattern === "*" && rule.action === "deny";
}

/** Those of the moment: a person may have changed the session's since its turn began. */
async function rulesInForce({ database, agent, session }: ToolboxOptions): Promise<PermissionRuleset> {
  const { permission } = (await findSession(database.orm, session.id)) ?? session;
  return [...agent.permission, ...(permission ?? [])];
}

function toTurnTool(tool: Tool, options: ToolboxOptions): TurnTool {
  return {
    name: tool.id,
    description: tool.description,
    schema: schemaOf(tool),
    async execute({ callID, input, signal, progress }) {
      const changes = options.changes?.call({ messageID: options.messageID(), callID });
      const context = createContext(options, { callID, signal, changes, untold: tool.untold });
      try {
        return await runTool(tool, input, { ...context, metadata: progress });
      } finally {
        await changes?.end();
      }
    },
  };
}

function createContext(
  options: ToolboxOptions,
  { changes, untold, ...call }: { callID: string; signal: AbortSignal; changes?: CallChanges; untold?: boolean },
): Omit<ToolContext, "metadata"> {
  const { log, database, permissions, questions, workspace, session, agent } = options;
  const messageID = options.messageID();
  const scope = scopeOf(session);
  const waiting = {
    session,
    tool: { messageID, callID: call.callID },
    signal: call.signal,
    timeout: workspace.config.config.server?.askTimeout,
  };
  const { max_lines: maxLines = defaultLimit.maxLines, max_bytes: maxBytes = defaultLimit.maxBytes } =
    workspace.config.config.tool_output ?? {};
  return {
    sessionID: session.id,
    messageID,
    ...call,
    agent: agent.name,
    directory: session.directory,
    worktree: boundary(workspace),
    environment: options.processes.environmentOf({ session: session.id, call: call.callID }),
    output: { directory: join(options.outputDirectory, session.id), maxLines, maxBytes },
    files: options.files,
    formatters: workspace.formatters,
    lsp: workspace.lsp,
    async ask(request) {
      await permissions.ask({ rules: await rulesInForce(options), ...request, ...waiting });
      // What people do to the files while the question waits is not the command's doing.
      if (untold) await changes?.begin();
    },
    question: (asked) => questions.ask({ questions: asked, ...waiting }),
    recording: changes?.record,
    task(request, show) {
      requireSubagent(options.subagents, request.agent);
      if (options.tasks === undefined) throw new AppError("UnknownError", "Sub-agents are not set up.");
      return options.tasks.run({ session, agent, question: options.question, request, signal: call.signal, show });
    },
    background: options.background.of(session.id),
    async edited(file) {
      await log.append([{ type: "file.edited", properties: { file } }], { scope });
    },
    todo: {
      get: () => listTodos(database.orm, session.id),
      async set(todos) {
        await log.append([{ type: "todo.updated", properties: { sessionID: session.id, todos } }], { scope });
      },
    },
  };
}
