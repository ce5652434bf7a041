import type { Database } from "../../db/client.ts";
import { reportUsage, type UsageQuery } from "../../db/queries/usage-report.ts";
import type { UsageDimension, UsageReport, UsageRow } from "../schema/usage.ts";
import { toDollars } from "./amount.ts";

/** What model calls used, told from the rows that budgets are counted by. */
export interface UsageService {
  /** A row for each combination of `by`, latest day first, then the most tokens; at most `limit`. */
  report(query: UsageQuery, shape: { by: readonly UsageDimension[]; limit: number }): Promise<UsageReport>;
}

export function createUsage({ database: { orm } }: { database: Database }): UsageService {
  return {
    async report(query, { by, limit }) {
      const rows = by.length === 0 ? [] : await reportUsage(orm, query, { by, limit: limit + 1 });
      const [total] = await reportUsage(orm, query, { by: [], limit: 1 });
      return { items: rows.slice(0, limit).map(shown), total: spent(total), more: rows.length > limit };
    },
  };
}

type Row = Awaited<ReturnType<typeof reportUsage>>[number];

const whose = ["day", "projectID", "providerID", "modelID", "sessionID", "title"] as const;

function shown(row: Row): UsageRow {
  const known = whose.flatMap((name) => (row[name] == null ? [] : [[name, row[name]]]));
  return { ...spent(row), ...Object.fromEntries(known) };
}

function spent(row: Row | undefined): UsageReport["total"] {
  const { calls = 0, total = 0, input = 0, output = 0, reasoning = 0, read = 0, write = 0, cost = 0 } = row ?? {};
  return { calls, tokens: { total, input, output, reasoning, cache: { read, write } }, cost: toDollars(cost) };
}
