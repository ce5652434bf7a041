import { resolve } from "node:path";
import { backUp } from "../../db/backup.ts";
import { homeOf, paths } from "../config/config.ts";
import type { Host } from "./env.ts";
import { exitCodes, Failure } from "./failure.ts";
import type { BackupFlags } from "./maintain-flags.ts";
import { print } from "./print.ts";

/** `backup FILE`: in this process, so that no server waits for it. */
export async function backup(flags: BackupFlags, host: Host): Promise<number> {
  const places = paths({ env: host.variables, home: homeOf(host.variables), platform: process.platform });
  const store = (flags.db ?? host.database ?? places.database).replace(/^file:/, "");
  if (/^[a-z]{2,}:/i.test(store)) throw new Failure("usage", `${store} is not a file: its server makes backups of it.`);
  const target = resolve(host.directory, flags.file);
  const bytes = await backUp(resolve(host.directory, store), target);
  print(host, { file: target, bytes }, flags.json ? undefined : [`${target} (${bytes} bytes)`]);
  return exitCodes.ok;
}
