import type { UsageReport, UsageRow } from "../../../../src/client/client.ts";
import { toCsv } from "../../ui/csv.ts";

/** What the rows of the table are of. */
export type Dimension = "day" | "model" | "project" | "session";

export const dimensions: readonly Dimension[] = ["model", "project", "session", "day"];

const nothing: Pick<UsageRow, "calls" | "tokens" | "cost"> = {
  calls: 0,
  tokens: { total: 0, input: 0, output: 0, reasoning: 0, cache: { read: 0, write: 0 } },
  cost: 0,
};

/** A row for each of the days, also for those when nothing was spent. */
export function byDay(
  items: readonly UsageRow[],
  days: readonly string[],
): (Pick<UsageRow, "calls" | "tokens" | "cost"> & { day: string })[] {
  const known = new Map(items.map((item) => [item.day, item]));
  return days.map((day) => ({ ...nothing, ...known.get(day), day }));
}

/** What a row is called in the table. */
export function nameOf(row: UsageRow, by: Dimension, projects: ReadonlyMap<string, string>): string {
  if (by === "day") return row.day ?? "";
  if (by === "model") return `${row.providerID ?? "unknown"}/${row.modelID ?? "unknown"}`;
  if (by === "project") return projects.get(row.projectID ?? "") ?? row.projectID ?? "unknown";
  return row.title ?? (row.sessionID === undefined ? "unknown" : `${row.sessionID} (deleted)`);
}

/** The report as a table, tokens by kind. */
export function usageCsv({ items }: UsageReport): string {
  const columns = ["day", "project", "provider", "model", "session", "title", "calls", "tokens", "input", "output", "reasoning"].concat([
    "cache_read",
    "cache_write",
    "cost",
  ]);
  const rows = items.map(({ day, projectID, providerID, modelID, sessionID, title, calls, tokens, cost }) => [
    ...[day, projectID, providerID, modelID, sessionID, title, calls, tokens.total, tokens.input, tokens.output, tokens.reasoning],
    ...[tokens.cache.read, tokens.cache.write, cost],
  ]);
  return toCsv(columns, rows);
}
