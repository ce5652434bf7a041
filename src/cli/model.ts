import { howToConnect } from "./announce.ts";
import type { Api } from "./client.ts";
import { Failure } from "./failure.ts";
import type { RunFlags } from "./flags.ts";

/**
 * Makes sure that a model answers that somebody chose. The offline one answers unasked only in a terminal, where a person reads that
 * it is no AI: a script that lost its key must not take its answer for one. Throws Failure "provider".
 */
export async function requireModel(api: Api, flags: RunFlags, inTerminal: boolean): Promise<void> {
  if (inTerminal || flags.model !== undefined) return;
  const [config, { connected }] = await Promise.all([api.config.get.query(), api.provider.list.query()]);
  if (config.model !== undefined || connected.some((id) => id !== "offline")) return;
  if (flags.agent !== undefined && config.agent?.[flags.agent]?.model !== undefined) return;
  throw new Failure("provider", `No model is configured: ${howToConnect}, or name one with --model (offline/guide works without a key).`);
}
