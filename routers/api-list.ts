import { z } from "zod";
import type { Instance } from "../src/instance.ts";
import type { Agent } from "../src/schema/agent.ts";
import { ChatAgent, ChatModel, ChatProvider, ChatStatus } from "../src/schema/chat.ts";
import type { Model } from "../src/schema/provider.ts";
import { type Context, procedure } from "./trpc.ts";

const tags = ["chat"];

/** What a chat can be had with. */
export const apiListProcedures = {
  status: procedure
    .meta({
      scope: "read",
      errors: ["AgentNotFoundError", "ProviderModelNotFoundError", "ProviderAuthError"],
      openapi: {
        method: "GET",
        path: "/api/status",
        operationId: "api.status",
        tags,
        summary: "Whether the server is up, and how it is set up",
        description: "With the agent and the model that answer a chat which names none.",
      },
    })
    .output(ChatStatus)
    .query(({ ctx }) => statusOf(ctx)),

  models: procedure
    .meta({
      scope: "read",
      openapi: {
        method: "GET",
        path: "/api/models",
        operationId: "api.models",
        tags,
        summary: "List the models that can be called",
        description: "Those of the connected providers.",
      },
    })
    .output(z.array(ChatModel))
    .query(async ({ ctx }) => modelsOf(await ctx.instance())),

  providers: procedure
    .meta({
      scope: "read",
      openapi: { method: "GET", path: "/api/providers", operationId: "api.providers", tags, summary: "List the configured providers" },
    })
    .output(z.array(ChatProvider))
    .query(async ({ ctx }) => providersOf(await ctx.instance())),

  agents: procedure
    .meta({
      scope: "read",
      openapi: {
        method: "GET",
        path: "/api/agents",
        operationId: "api.agents",
        tags,
        summary: "List the agents",
        description: "The default one first; without those that work behind the scenes.",
      },
    })
    .output(z.array(ChatAgent))
    .query(async ({ ctx }) => (await (await ctx.instance()).agents.list()).filter(({ hidden }) => !hidden).map(toAgent)),
};

async function statusOf(ctx: Context): Promise<ChatStatus> {
  const { directory, worktree, project, agents, providers } = await ctx.instance();
  const { name, model } = await agents.get(undefined);
  return {
    status: "ok",
    version: ctx.app.version,
    directory,
    worktree,
    project: project.id,
    agent: name,
    model: nameOf(model ?? (await providers.defaultModel())),
    providers: (await providers.list()).connected,
    busy: Object.keys(await ctx.app.sessions.status(directory)).length,
  };
}

async function connected({ providers }: Instance) {
  const { all, connected: ids, default: defaults } = await providers.list();
  return all.filter(({ id }) => ids.includes(id)).map((provider) => ({ ...provider, default: defaults[provider.id] }));
}

async function modelsOf(instance: Instance): Promise<ChatModel[]> {
  const first = nameOf(await instance.providers.defaultModel());
  return (await connected(instance)).flatMap(({ models }) => Object.values(models).map((model) => toModel(model, first)));
}

async function providersOf(instance: Instance): Promise<ChatProvider[]> {
  return (await connected(instance)).map(({ id, name, source, models, default: preferred }) => {
    return { id, name, source, models: Object.keys(models), default: preferred };
  });
}

function toModel({ id, providerID, name, limit, cost, capabilities }: Model, first: string): ChatModel {
  const full = nameOf({ providerID, modelID: id });
  return {
    id: full,
    provider: providerID,
    name,
    limit: { context: limit.context, output: limit.output },
    cost: { input: cost.input, output: cost.output },
    tools: capabilities.toolcall,
    reasoning: capabilities.reasoning,
    images: capabilities.input.image,
    default: full === first,
  };
}

function toAgent({ name, description, mode, native, model }: Agent, at: number): ChatAgent {
  return { name, description, mode, native: native ?? false, model: model && nameOf(model), default: at === 0 };
}

function nameOf({ providerID, modelID }: { providerID: string; modelID: string }): string {
  return `${providerID}/${modelID}`;
}
