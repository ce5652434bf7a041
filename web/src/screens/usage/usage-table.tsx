import { useQuery } from "@tanstack/react-query";
import type { UsageReport } from "../../../../src/client/client.ts";
import { useActions } from "../../app/actions.ts";
import { useApi } from "../../app/client.ts";
import { reasonOf } from "../../live/follow.ts";
import { Money, Tokens } from "../../ui/amount.tsx";
import { Button } from "../../ui/button.tsx";
import { download } from "../../ui/download.ts";
import { Menu } from "../../ui/menu.tsx";
import { Select } from "../../ui/select.tsx";
import { Spinner } from "../../ui/spinner.tsx";
import { type Dimension, dimensions, nameOf, usageCsv } from "./report.ts";

interface UsageTableProps {
  by: Dimension;
  range: { from: number; offset: number; projectID: string | undefined };
  /** Names by id. */
  projects: ReadonlyMap<string, string>;
  onBy(by: Dimension): void;
}

/** Who spent it, the most tokens first (days: the latest first). */
export function UsageTable({ by, range, projects, onBy }: UsageTableProps) {
  const { data, error } = useQuery(useApi().usage.report.queryOptions({ ...range, by: [by] }));
  const exports = data === undefined ? [] : exportsOf(data);
  useActions(() => exports.map(({ title, run }) => ({ id: `usage.${title}`, title, group: "Usage", run })));
  return (
    <section aria-labelledby="usage-table" className="flex min-w-0 flex-col gap-2">
      <div className="flex flex-wrap items-center gap-3">
        <h2 id="usage-table" className="flex-1 font-semibold">
          In detail
        </h2>
        <Select
          label="By"
          value={by}
          options={dimensions.map((value) => ({ value, title: value }))}
          onChoose={(value) => onBy(dimensions.find((dimension) => dimension === value) ?? "model")}
        />
        <Menu trigger={<Button>Export</Button>} items={exports} />
      </div>
      {error !== null && (
        <p role="alert" className="text-danger">
          {reasonOf(error)}
        </p>
      )}
      {data === undefined && error === null && <Spinner label="Loading the table" />}
      {data !== undefined && <Rows report={data} by={by} projects={projects} />}
      {data?.more && <p className="text-muted text-xs">There are more rows than the {data.items.length} with the most tokens.</p>}
    </section>
  );
}

function exportsOf(report: UsageReport): { title: string; run(): void }[] {
  return [
    { title: "Export as JSON", run: () => download("usage.json", { type: "application/json", text: JSON.stringify(report, null, 2) }) },
    { title: "Export as CSV", run: () => download("usage.csv", { type: "text/csv", text: usageCsv(report) }) },
  ];
}

const columns = ["Calls", "Tokens", "Input", "Cache", "Output", "Reasoning", "Cost"];

function Rows({ report, by, projects }: { report: UsageReport } & Pick<UsageTableProps, "by" | "projects">) {
  return (
    <section className="overflow-x-auto" aria-label={`Usage by ${by}`} tabIndex={0}>
      <table className="w-full text-right">
        <thead className="text-muted text-xs">
          <tr>
            <th scope="col" className="py-1 pr-3 text-left font-medium capitalize">
              {by}
            </th>
            {columns.map((name) => (
              <th key={name} scope="col" className="px-3 py-1 font-medium last:pr-0">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {report.items.map((row) => (
            <tr key={[row.day, row.projectID, row.providerID, row.modelID, row.sessionID].join(" ")} className="border-line border-t">
              <th scope="row" title={nameOf(row, by, projects)} className="max-w-80 min-w-40 truncate py-1 pr-3 text-left font-normal">
                {nameOf(row, by, projects)}
              </th>
              <td className="px-3">{row.calls}</td>
              {countsOf(row).map(([name, count]) => (
                <td key={name} className="px-3">
                  <Tokens count={count} />
                </td>
              ))}
              <td className="pl-3">
                <Money dollars={row.cost} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function countsOf({ tokens: { total, input, output, reasoning, cache } }: UsageReport["items"][number]): [string, number][] {
  return Object.entries({ total, input, cache: cache.read + cache.write, output, reasoning });
}
