import { resolve } from "node:path";
import type { Host } from "./env.ts";
import { exitCodes } from "./failure.ts";
import type { TrustFlags } from "./manage-flags.ts";
import { print } from "./print.ts";
import { commandLine, requirePerson, type Security } from "./security.ts";

/** `trust [directory]`, with `--list` and `--revoke`. Servers that run read the list anew for each directory they open. */
export async function trust(flags: TrustFlags, host: Host, { trust: store, audit }: Omit<Security, "tokens">): Promise<number> {
  if (!flags.list) {
    const path = resolve(host.directory, flags.directory ?? ".");
    if (!flags.revoke) requirePerson(host);
    const directory = flags.revoke ? store.remove(path) : store.add(path);
    await audit.record({ actor: commandLine, action: flags.revoke ? "trust.revoke" : "trust.add", directory });
    if (!flags.json) host.stderr.write(`${directory} is ${flags.revoke ? "not trusted any more" : "trusted"}.\n`);
  }
  const directories = store.list();
  print(host, { directories }, flags.json ? undefined : flags.list ? directories : []);
  return exitCodes.ok;
}
