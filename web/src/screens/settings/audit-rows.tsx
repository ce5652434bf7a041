import type { AuditRecord } from "../../../../src/client/client.ts";
import { Time } from "../../ui/time.tsx";
import { listClasses } from "./loaded.tsx";

/** One record a row; on a phone its parts are below each other. */
export function AuditRows({ records }: { records: AuditRecord[] }) {
  return (
    <ol aria-label="Records" className={listClasses}>
      {records.map(({ sequence, time, actor, action, subject, directory, address }) => (
        <li key={sequence} className="grid gap-x-3 px-3 py-1.5 text-xs md:grid-cols-[3rem_6rem_11rem_11rem_1fr]">
          <span className="text-muted">#{sequence}</span>
          <Time at={time} />
          <span className="break-all font-medium">{action}</span>
          <span className="break-all">
            {actor}
            {address !== undefined && <span className="text-muted"> {address}</span>}
          </span>
          <span className="break-all text-muted">
            {Object.entries(subject)
              .map(([name, value]) => `${name} ${value}`)
              .join(" · ")}
            {directory !== undefined && ` · ${directory}`}
          </span>
        </li>
      ))}
    </ol>
  );
}
