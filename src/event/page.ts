import type { Orm } from "../../db/client.ts";
import { weighEvents } from "../../db/queries/event.ts";

/** Bytes of stored content that a replay takes into memory at a time. */
const pageBytes = 1 << 19;

/** Where a page of the log ends that holds at most `limit` rows and is not too heavy (one row always fits), and whether nothing comes after it. */
export async function pageEnd(
  orm: Orm,
  range: { after: number; until?: number; directory?: string; sessionID?: string; limit: number },
): Promise<{ until: number; done: boolean }> {
  const rows = await weighEvents(orm, range);
  const seen = new Set<string>();
  let bytes = 0;
  for (const [index, row] of rows.entries()) {
    // Several events of one thing share its newest state.
    if (row.reference === null || !seen.has(row.reference)) bytes += row.bytes;
    if (row.reference !== null) seen.add(row.reference);
    if (bytes > pageBytes && index > 0) return { until: rows[index - 1]?.position ?? range.after, done: false };
  }
  return { until: rows.at(-1)?.position ?? range.after, done: rows.length < range.limit };
}
