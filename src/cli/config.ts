import type { ConfigSetting } from "../schema/setting.ts";
import { connect } from "./connect.ts";
import type { Host } from "./env.ts";
import { exitCodes, Failure } from "./failure.ts";
import { serveFlags } from "./flags.ts";
import { ownSettings } from "./own-settings.ts";
import { columns, harmless, print } from "./print.ts";
import type { ConfigFlags } from "./served-flags.ts";

/** `config`: what holds in the directory, as JSON; with `--explain` setting by setting, with where it comes from. */
export async function config(flags: ConfigFlags, host: Host): Promise<number> {
  checkFlags(flags);
  await using client = await connect(flags, host);
  if (!flags.explain) {
    print(host, await client.api.config.get.query(), undefined);
    return exitCodes.ok;
  }
  const written = await client.api.config.explain.query();
  const settings = flags.attach === undefined ? ownSettings(written, flags, host) : written;
  print(host, settings, flags.json ? undefined : columns(settings.map(row)));
  return exitCodes.ok;
}

/** Flags of `serve` tell what a server started with them would use. */
function checkFlags(flags: ConfigFlags): void {
  const given = Object.keys(serveFlags).find((name) => name !== "db" && name in flags && flags[name as keyof ConfigFlags] !== undefined);
  if (given === undefined || (flags.explain && flags.attach === undefined)) return;
  throw new Failure("usage", `--${given} tells something only beside --explain, about a server of your own (without --attach).`);
}

function row({ key, value, secret, source, overruled }: ConfigSetting): string[] {
  const text = secret ? "(secret)" : value === undefined ? "(not set)" : JSON.stringify(value);
  const others = overruled.length === 0 ? "" : `, not ${overruled.join(", ")}`;
  return [harmless(key), harmless(text), `${source}${others}`];
}
