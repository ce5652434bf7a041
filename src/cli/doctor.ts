import { homeOf, paths } from "../config/config.ts";
import { checkPort, createDoctor } from "../doctor/doctor.ts";
import type { Host } from "./env.ts";
import { exitCodes, toFailure } from "./failure.ts";
import type { DoctorFlags } from "./maintain-flags.ts";
import { columns, harmless, print } from "./print.ts";
import { startApp } from "./start.ts";

/** `doctor`: looks, changes nothing, and needs no server. Ends with 1 when a check failed. */
export async function doctor(flags: DoctorFlags, host: Host): Promise<number> {
  const places = paths({ env: host.variables, home: homeOf(host.variables), platform: process.platform });
  const store = flags.db ?? host.database ?? places.database;
  const describe = (error: unknown) => toFailure(error).message;
  await using opened = new AsyncDisposableStack();
  // Read by the services themselves, on a store that is not kept.
  const project = async () => {
    const app = opened.use(await startApp({ directory: host.directory, roots: [], database: ":memory:" }, host));
    return app.instance(app.directory);
  };
  const findings = await createDoctor({ env: host.variables, places, store, describe }).check(project, [["port", checkPort]]);
  const lines = columns(findings.map(({ check, status, message }) => [status, check, harmless(message)]));
  print(host, findings, flags.json ? undefined : lines);
  return findings.some(({ status }) => status === "fail") ? exitCodes.task : exitCodes.ok;
}
