import type { AssistantMessage } from "../client/client.ts";
import type { State } from "./state.ts";

export interface Usage {
  /** What the model of the last answer read and wrote: how full its context is. */
  tokens: number;
  /** Of the model's context, 0 to 100; undefined where its size is not known. */
  percent?: number;
  /** US dollars, of the whole session. */
  cost: number;
}

export function usageOf({ conversation, catalogue }: State): Usage {
  const answers = conversation.entries.flatMap(({ info }) => (info.role === "assistant" ? info : []));
  const last = answers.findLast(({ tokens }) => total(tokens) > 0);
  const tokens = last === undefined ? 0 : total(last.tokens);
  const model = catalogue.providers.find(({ id }) => id === last?.providerID)?.models[last?.modelID ?? ""];
  const context = model?.limit.context ?? 0;
  return {
    tokens,
    ...(context > 0 && { percent: Math.round((tokens / context) * 100) }),
    cost: answers.reduce((sum, { cost }) => sum + cost, 0),
  };
}

const total = ({ input, output, reasoning, cache }: AssistantMessage["tokens"]): number =>
  input + output + reasoning + cache.read + cache.write;

/** `provider/model` of the next prompt, as far as it is known. */
export function modelName({ choice, conversation, catalogue }: State): string | undefined {
  if (choice.model) return `${choice.model.providerID}/${choice.model.modelID}`;
  const agent = catalogue.agents.find(({ name }) => name === choice.agent);
  if (agent?.model) return `${agent.model.providerID}/${agent.model.modelID}`;
  const last = conversation.entries.findLast(({ info }) => info.role === "assistant")?.info;
  return last?.role === "assistant" ? `${last.providerID}/${last.modelID}` : catalogue.model;
}

/** The agent of the next prompt, as far as it is known. */
export function agentName({ choice, conversation, catalogue }: State): string {
  const last = conversation.entries.findLast(({ info }) => info.role === "user")?.info;
  const first = primaryAgents(catalogue.agents)[0]?.name;
  return choice.agent ?? last?.agent ?? first ?? "build";
}

export const primaryAgents = (agents: State["catalogue"]["agents"]): State["catalogue"]["agents"] =>
  agents.filter(({ mode, hidden }) => mode !== "subagent" && !hidden);
