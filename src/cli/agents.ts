import type { Api } from "./client.ts";
import type { Host } from "./env.ts";
import { exitCodes, oneLine } from "./failure.ts";
import { columns, harmless, print } from "./print.ts";
import type { AgentFlags } from "./served-flags.ts";

/** `agent list`: those that can be asked, the default one first. */
export async function agents({ all, json }: AgentFlags, host: Host, api: Api): Promise<number> {
  const found = (await api.agent.list.query()).filter(({ hidden }) => all || !hidden);
  const rows = found.map(({ name, mode, model, description = "" }) => {
    const using = model === undefined ? "" : ` (${model.providerID}/${model.modelID})`;
    return [name, mode, harmless(oneLine(`${description}${using}`))];
  });
  print(host, found, json ? undefined : columns(rows));
  return exitCodes.ok;
}
