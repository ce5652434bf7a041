import type { AuditRecord } from "../schema/audit.ts";
import type { Host } from "./env.ts";
import { exitCodes, Failure } from "./failure.ts";
import type { AuditFlags } from "./manage-flags.ts";
import { print } from "./print.ts";
import type { Security } from "./security.ts";

/** `audit list`, newest first, and `audit verify`, which ends with 1 when something was changed or removed. */
export async function audit(flags: AuditFlags, host: Host, { audit: trail }: Pick<Security, "audit">): Promise<number> {
  if (flags.action === "list") {
    const records = await trail.list({ limit: toLimit(flags.limit) });
    print(host, records, flags.json ? undefined : records.map(describe));
    return exitCodes.ok;
  }
  const report = await trail.verify({ head: flags.head });
  const lines = report.faults.map(({ sequence, fault }) => `${sequence}: ${fault}`);
  if (report.intact) lines.push(`${report.entries} entries, intact. Head: ${report.head ?? "none"}`);
  print(host, report, flags.json ? undefined : lines);
  return report.intact ? exitCodes.ok : exitCodes.task;
}

function toLimit(text = "100"): number {
  if (/^[1-9]\d{0,6}$/.test(text)) return Number(text);
  throw new Failure("usage", `--limit must be a whole number above 0, not "${text}".`);
}

function describe({ sequence, time, actor, action, subject, directory, address }: AuditRecord): string {
  const ids = Object.entries(subject).map(([name, value]) => `${name}=${value}`);
  const fields = [String(sequence), new Date(time).toISOString(), actor, action, ...ids, directory, address && `from ${address}`];
  return fields.filter((field) => field !== undefined).join("  ");
}
