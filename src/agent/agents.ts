import type { Agent } from "../schema/agent.ts";
import type { Config } from "../schema/config.ts";
import { AppError } from "../schema/error.ts";
import { configuredAgents } from "./configured.ts";

/** The agents of one directory: built in (build, plan, …) and those the configuration adds or changes. */
export interface AgentService {
  /** The default one first, then the others by name, hidden ones last. */
  list(): Promise<Agent[]>;
  /** `undefined`, `"default"`: the default agent. Throws AppError AgentNotFoundError that lists the known ones. */
  get(name: string | undefined): Promise<Agent>;
}

/**
 * The agents of a resolved configuration. Both methods throw AppError ConfigInvalidError for an agent that the configuration
 * describes wrongly; `get` also for a `default_agent` that cannot be one.
 */
export function createAgents({ config }: { config: Config }): AgentService {
  return {
    async list() {
      const agents = configuredAgents(config);
      const first = agents.find((agent) => agent.name === config.default_agent && canLead(agent)) ?? agents.find(canLead);
      return agents.sort((one, other) => rank(one, first) - rank(other, first) || compare(one.name, other.name));
    },
    async get(name) {
      const agents = configuredAgents(config);
      if (name === undefined || name === "default") return defaultAgent(agents, config.default_agent);
      const agent = agents.find((entry) => entry.name === name);
      if (!agent) throw notFound(name, agents);
      return agent;
    },
  };
}

function defaultAgent(agents: Agent[], wanted: string | undefined): Agent {
  if (wanted === undefined) {
    const agent = agents.find(canLead);
    if (!agent)
      throw new AppError("ConfigInvalidError", "Every primary agent is disabled. Enable one in the configuration's `agent` section.");
    return agent;
  }
  const agent = agents.find((entry) => entry.name === wanted);
  if (!agent) throw notFound(wanted, agents);
  if (canLead(agent)) return agent;
  const possible = agents.filter(canLead).map((entry) => entry.name);
  const message = `default_agent is ${JSON.stringify(wanted)}, which cannot lead a conversation. Name one of: ${possible.join(", ")}.`;
  throw new AppError("ConfigInvalidError", message, { path: ["default_agent"] });
}

function notFound(name: string, agents: Agent[]): AppError {
  const known = agents.filter((agent) => !agent.hidden).map((agent) => agent.name);
  return new AppError("AgentNotFoundError", `There is no agent ${JSON.stringify(name)}. The agents are: ${known.join(", ")}.`, {
    name,
    known,
  });
}

function canLead(agent: Agent): boolean {
  return agent.mode !== "subagent" && !agent.hidden;
}

function rank(agent: Agent, first: Agent | undefined): number {
  if (agent === first) return 0;
  return agent.hidden ? 2 : 1;
}

function compare(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}
