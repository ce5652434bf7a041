import { homeOf, paths } from "../config/config.ts";
import { checkDirectories, checkPort, checkPrograms, checkRuntime, checkStore } from "./doctor-checks.ts";
import { checkProject } from "./doctor-project.ts";
import type { Host } from "./env.ts";
import { exitCodes, toFailure } from "./failure.ts";
import type { DoctorFlags } from "./maintain-flags.ts";
import { columns, harmless, print } from "./print.ts";

/** What was looked at and found. `fail`: codeport cannot work so; `warn`: something works less well, or not as was meant. */
export interface Finding {
  check: string;
  status: "ok" | "warn" | "fail";
  message: string;
}

/** `doctor`: looks, changes nothing, and needs no server. Ends with 1 when a check failed. */
export async function doctor(flags: DoctorFlags, host: Host): Promise<number> {
  const places = paths({ env: host.variables, home: homeOf(host.variables), platform: process.platform });
  const store = flags.db ?? host.database ?? places.database;
  const checks: [name: string, check: () => Promise<Finding[]>][] = [
    ["node", async () => checkRuntime(process.versions.node)],
    ["programs", () => checkPrograms(host)],
    ["directories", () => checkDirectories(places)],
    ["store", () => checkStore(store.replace(/^file:/, ""))],
    ["port", checkPort],
    ["project", () => checkProject(host)],
  ];
  const findings: Finding[] = [];
  for (const [name, check] of checks) findings.push(...(await check().catch((error: unknown) => [failed(name, error)])));
  const lines = columns(findings.map(({ check, status, message }) => [status, check, harmless(message)]));
  print(host, findings, flags.json ? undefined : lines);
  return findings.some(({ status }) => status === "fail") ? exitCodes.task : exitCodes.ok;
}

function failed(check: string, error: unknown): Finding {
  return { check, status: "fail", message: toFailure(error).message };
}
