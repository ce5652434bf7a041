import { isAbsolute, join } from "node:path";
import { z } from "zod";
import type { Instance } from "../src/instance.ts";
import { IntegrationInfo, ModelV2Info, ProviderV2Info } from "../src/schema/integration.ts";
import { AgentV2Info, CommandV2Info, LocationInfo, ReferenceInfo, SkillV2Info } from "../src/schema/location.ts";
import { withoutProviderSecrets } from "../src/schema/redact.ts";
import { agentOf, commandOf, integrationOf, modelOf, providerOf, referencesOf } from "./api-located-of.ts";
import { type Context, procedure, router } from "./trpc.ts";

const tags = ["location"];

function about(name: string, operationId: string, summary: string) {
  return { scope: "read" as const, openapi: { method: "GET" as const, path: `/api/${name}` as const, operationId, tags, summary } };
}

/** A list of the directory, with the directory. */
function list<Item extends z.ZodType>(item: Item) {
  return z.object({ location: LocationInfo, data: z.array(item) });
}

async function locate<Item>(ctx: Context, read: (instance: Instance) => Promise<Item[]> | Item[]) {
  const instance = await ctx.instance();
  return { location: locationOf(instance), data: await read(instance) };
}

function locationOf({ directory, worktree, project }: Instance): LocationInfo {
  return { directory, project: { id: project.id, directory: worktree } };
}

/** The lists of the reference's newer kind, which its terminal client reads beside the older ones. */
export const locatedRouter = router({
  health: procedure
    .meta(about("health", "v2.health.get", "Whether the server is up"))
    .output(z.object({ healthy: z.literal(true) }))
    .query(() => ({ healthy: true as const })),

  location: procedure
    .meta(about("location", "v2.location.get", "Where the request belongs"))
    .output(LocationInfo)
    .query(async ({ ctx }) => locationOf(await ctx.instance())),

  agents: procedure
    .meta(about("agent", "v2.agent.list", "List the agents"))
    .output(list(AgentV2Info))
    .query(({ ctx }) => locate(ctx, async ({ agents }) => (await agents.list()).map(agentOf))),

  models: procedure
    .meta(about("model", "v2.model.list", "List the models of all providers"))
    .output(list(ModelV2Info))
    .query(({ ctx }) => locate(ctx, modelsOf)),

  providers: procedure
    .meta(about("provider", "v2.provider.list", "List the providers"))
    .output(list(ProviderV2Info))
    .query(({ ctx }) => locate(ctx, async ({ providers }) => (await providers.list()).all.map(withoutProviderSecrets).map(providerOf))),

  integrations: procedure
    .meta(about("integration", "v2.integration.list", "List how providers can be connected, and how they are"))
    .output(list(IntegrationInfo))
    .query(({ ctx }) => locate(ctx, integrationsOf)),

  references: procedure
    .meta(about("reference", "v2.reference.list", "List the references of the configuration that are on this machine"))
    .output(list(ReferenceInfo))
    .query(({ ctx }) =>
      locate(ctx, ({ config, directory }) => referencesOf(config.config, (path) => (isAbsolute(path) ? path : join(directory, path)))),
    ),

  commands: procedure
    .meta(about("command", "v2.command.list", "List the slash commands"))
    .output(list(CommandV2Info))
    .query(({ ctx }) => locate(ctx, async ({ commands }) => (await commands.list()).map(commandOf))),

  skills: procedure
    .meta(about("skill", "v2.skill.list", "List the skills"))
    .output(list(SkillV2Info))
    .query(({ ctx }) => locate(ctx, ({ skills }) => skills.list())),
});

async function modelsOf({ providers }: Instance): Promise<ModelV2Info[]> {
  const { all, connected } = await providers.list();
  return all
    .map(withoutProviderSecrets)
    .flatMap(({ id, models }) => Object.values(models).map((model) => modelOf(model, connected.includes(id))));
}

async function integrationsOf({ providers }: Instance): Promise<IntegrationInfo[]> {
  const [{ all }, logins] = await Promise.all([providers.list(), providers.authMethods()]);
  return all.map((provider) => integrationOf(provider, logins[provider.id]));
}
