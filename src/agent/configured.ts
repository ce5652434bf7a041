import type { Agent } from "../schema/agent.ts";
import type { AgentConfig, Config } from "../schema/config.ts";
import { AppError } from "../schema/error.ts";
import type { PermissionRuleset } from "../schema/session.ts";
import { type BuiltinAgent, builtinAgents } from "./builtin.ts";
import { defaultRules, rulesFromConfig, rulesFromTools } from "./rules.ts";

/**
 * The agents that a configuration comes to: the built-in ones, changed, removed and added to. Rules of each, weakest first: the
 * defaults, the agent's own defaults, the configuration's permissions, what is firm in the agent, what the configuration says
 * for this agent. Throws AppError ConfigInvalidError, naming the key.
 */
export function configuredAgents(config: Config): Agent[] {
  const changes = changesOf(config);
  const names = new Set([...builtinAgents.map((entry) => entry.agent.name), ...changes.map(([name]) => name)]);
  const general = [...rulesFromTools(config.tools), ...rulesFromConfig(config.permission)];
  return [...names].flatMap((name) => {
    const own = changes.filter(([changed]) => changed === name).map(([, change]) => change);
    if (own.some((change) => change.disable)) return [];
    const builtin = builtinAgents.find((entry) => entry.agent.name === name) ?? added(name);
    const agent = { ...builtin.agent, permission: [...defaultRules, ...builtin.defaults, ...general, ...builtin.firm] };
    return [own.reduce(change, agent)];
  });
}

/** `mode` is the older key; agents in it are primary. What `agent` says comes later and wins. */
function changesOf(config: Config): [string, AgentConfig][] {
  const older = Object.entries(config.mode ?? {}).map(([name, entry]) => [name, { ...entry, mode: "primary" }] as const);
  return [...older, ...Object.entries(config.agent ?? {})].filter((entry): entry is [string, AgentConfig] => entry[1] !== undefined);
}

function added(name: string): BuiltinAgent {
  return { agent: { name, mode: "all", options: {} }, defaults: [], firm: [] };
}

function change(agent: Agent, config: AgentConfig): Agent {
  const { model, variant, temperature, top_p, prompt, tools, disable, description, mode, hidden, options, color, ...rest } = config;
  const { steps, maxSteps, permission, name: _name, ...further } = rest;
  const permissions: PermissionRuleset = [...agent.permission, ...rulesFromTools(tools), ...rulesFromConfig(permission)];
  const changed = {
    model: model === undefined ? undefined : modelOf(agent.name, model),
    topP: top_p,
    steps: steps ?? maxSteps,
    ...{ variant, temperature, prompt, description, mode, hidden, color },
  };
  const given = Object.fromEntries(Object.entries(changed).filter(([, value]) => value !== undefined));
  // Keys that are not the agent's own are options for the provider.
  return { ...agent, ...given, options: { ...agent.options, ...further, ...options }, permission: permissions };
}

function modelOf(agent: string, text: string): { providerID: string; modelID: string } {
  const slash = text.indexOf("/");
  if (slash > 0 && slash < text.length - 1) return { providerID: text.slice(0, slash), modelID: text.slice(slash + 1) };
  const message = `agent.${agent}.model is ${JSON.stringify(text)}; it must name provider and model, such as "anthropic/claude-sonnet-4-5".`;
  throw new AppError("ConfigInvalidError", message, { path: ["agent", agent, "model"] });
}
