import { listSessions } from "../../db/queries/session.ts";
import type { Agent } from "../schema/agent.ts";
import { AppError } from "../schema/error.ts";
import type { ModelRef } from "../schema/message.ts";
import { nearest } from "../schema/nearest.ts";
import type { ToolAnswer } from "../schema/service.ts";
import type { Session } from "../schema/session.ts";
import type { Skill } from "../schema/skill.ts";
import { createTurnChanges } from "./changes.ts";
import { type DirectCall, runDirectCall } from "./direct-call.ts";
import { rememberFileTimes } from "./file-times.ts";
import { ourSession } from "./known.ts";
import { offeredSkills } from "./offered-skills.ts";
import type { SessionOptions } from "./options.ts";
import type { Runner } from "./runner.ts";
import type { SessionService, ToolCall } from "./session.ts";
import { questionOf } from "./shell.ts";
import { subagentsOf } from "./task.ts";
import { createToolbox, offeredTools, schemaOf, toolsOf } from "./toolbox.ts";
import type { Workspace } from "./workspace.ts";

type Calls = Pick<SessionService, "tools" | "toolIDs" | "callTool">;

interface ToolCallsOptions {
  runner: Runner;
  create: SessionService["create"];
  /** Aborts when the server ends, with what those who wait are told. */
  ending: AbortSignal;
}

/** Tools without a model: which there are, and one called by itself. */
export function createToolCalls(options: SessionOptions, { runner, create, ending }: ToolCallsOptions): Calls {
  const times = options.times ?? rememberFileTimes();

  async function call(session: Session, { name, input, actor }: ToolCall, caller?: AbortSignal): Promise<ToolAnswer> {
    const workspace = await options.workspace(session.directory);
    await workspace.mcp.ready(caller);
    const place = await placeOf(workspace, session);
    requireTool(workspace, place, name);
    const question = await questionOf(workspace, session, {});
    const made = { session, workspace, question, tool: name, input, actor, action: "tool.run" as const };
    const { message, callID, result, error } = await runner.exclusive(
      session.id,
      (stopped) => {
        const signal = caller ? AbortSignal.any([caller, stopped]) : stopped;
        const changes = createTurnChanges({ ...options, sessionID: session.id, snapshots: workspace.snapshots });
        const toolbox = { ...options, ...made, ...place, changes, files: times(session.id) };
        const toolOf: DirectCall["toolOf"] = (messageID) => {
          const tool = createToolbox({ ...toolbox, messageID: () => messageID }).find((candidate) => candidate.name === name);
          if (tool === undefined) throw unknownTool(name, workspace);
          return tool;
        };
        return runDirectCall(options, { ...made, signal, toolOf });
      },
      { tells: true },
    );
    if (result === undefined) throw isAbort(error) && !caller?.aborted ? stoppedBy(ending) : error;
    return { ...result, sessionID: session.id, messageID: message.info.id, callID };
  }

  /** A call of nobody's session has one to itself: those that run beside each other do not wait for each other. */
  async function callAnywhere(directory: string, made: ToolCall, signal?: AbortSignal): Promise<ToolAnswer> {
    for (const session of await keptSessions(options, directory)) {
      const answer = await call(session, made, signal).catch(unlessBusy(session.id));
      if (answer !== undefined) return answer;
    }
    return call(await create(directory, { title, metadata: { purpose } }), made, signal);
  }

  return {
    async toolIDs(directory) {
      const workspace = await options.workspace(directory);
      await workspace.mcp.ready();
      return toolsOf(workspace).map(({ id }) => id);
    },
    async tools(directory, model) {
      const workspace = await options.workspace(directory);
      if (model !== undefined && (await callsNoTools(workspace, model))) return [];
      await workspace.mcp.ready();
      const offered = offeredTools({ workspace, ...(await placeOf(workspace, {})) });
      return offered.map((tool) => ({ id: tool.id, description: tool.description, parameters: schemaOf(tool) }));
    },
    callTool: async ({ directory, sessionID }, made, signal) =>
      sessionID === undefined ? callAnywhere(directory, made, signal) : call(await ourSession(options, sessionID), made, signal),
  };
}

const isAbort = (error: unknown): boolean => error instanceof Error && error.name === "AbortError";

/** Somebody else than the caller ended the call. */
function stoppedBy(ending: AbortSignal): unknown {
  return ending.aborted ? ending.reason : new AppError("ConflictError", "The call was ended: its session was aborted.");
}

const [title, purpose] = ["Tool calls", "tool-calls"];

async function keptSessions({ database }: SessionOptions, directory: string): Promise<Session[]> {
  const found = await listSessions(database.orm, { directory, search: title, roots: true });
  return found.filter(({ metadata, time }) => metadata?.purpose === purpose && time.archived === undefined);
}

function unlessBusy(sessionID: string): (error: unknown) => undefined {
  return (error) => {
    if (error instanceof AppError && error.name === "SessionBusyError" && error.data.sessionID === sessionID) return undefined;
    throw error;
  };
}

interface Place {
  agent: Agent;
  rules: Agent["permission"];
  subagents: Agent[];
  skills: Skill[];
}

/** Who calls: the session's agent, with what it may do there. */
async function placeOf(workspace: Workspace, session: Pick<Session, "agent" | "permission">): Promise<Place> {
  const agent = await workspace.agents.get(session.agent);
  const rules = [...agent.permission, ...(session.permission ?? [])];
  const skills = await offeredSkills(workspace, { agent, session });
  return { agent, rules, skills, subagents: subagentsOf(await workspace.agents.list(), rules) };
}

function requireTool(workspace: Workspace, place: Place, name: string): void {
  if (offeredTools({ workspace, ...place }).some(({ id }) => id === name)) return;
  if (!toolsOf(workspace).some(({ id }) => id === name)) throw unknownTool(name, workspace);
  const message = `The permissions of the agent ${JSON.stringify(place.agent.name)} deny the tool ${name} altogether.`;
  throw new AppError("PermissionRejectedError", message, { by: "rule", permission: name });
}

function unknownTool(name: string, workspace: Workspace): AppError {
  const known = toolsOf(workspace).map(({ id }) => id);
  const near = nearest(name, known);
  const hint = near === undefined ? "" : ` Did you mean ${near}?`;
  const message = `There is no tool ${JSON.stringify(name)}.${hint} The tools are: ${known.join(", ")}.`;
  return new AppError("NotFoundError", message, { name, known });
}

async function callsNoTools({ providers }: Workspace, { providerID, modelID }: ModelRef): Promise<boolean> {
  const provider = (await providers.list()).all.find(({ id }) => id === providerID);
  const models = Object.entries(provider?.models ?? {});
  return models.some(([id, { capabilities }]) => id === modelID && !capabilities.toolcall);
}
