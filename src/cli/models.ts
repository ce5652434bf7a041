import type { Api } from "./client.ts";
import type { Host } from "./env.ts";
import { exitCodes, Failure } from "./failure.ts";
import { harmless, print } from "./print.ts";
import type { ModelsFlags } from "./served-flags.ts";
import { suggestion } from "./words.ts";

/** `models [provider]`: a model a line, as `--model` takes it. */
export async function models({ provider, all: everything, json }: ModelsFlags, host: Host, api: Api): Promise<number> {
  const { all, connected, default: defaults } = await api.provider.list.query();
  if (provider !== undefined && !all.some(({ id }) => id === provider)) {
    const ids = all.map(({ id }) => id);
    throw new Failure("usage", `No provider "${provider}" is known.${suggestion(provider, ids, "codeport models --all lists them.")}`);
  }
  const chosen = all.filter(({ id }) => (provider === undefined ? everything || connected.includes(id) : id === provider));
  const found = chosen.flatMap(({ id, models: known }) =>
    Object.values(known).map((model) => ({
      id: `${id}/${model.id}`,
      name: model.name,
      connected: connected.includes(id),
      default: defaults[id] === model.id,
      limit: model.limit,
      cost: model.cost,
    })),
  );
  print(host, found, json ? undefined : found.map(({ id }) => harmless(id)));
  return exitCodes.ok;
}
