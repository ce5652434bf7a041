import { setImmediate } from "node:timers/promises";
import type { Client } from "@libsql/client";

/** Runs a statement until no other server holds the store. */
export type Retry = <Result>(run: () => Promise<Result>) => Promise<Result>;

/** Pages that are given back at a time: about a millisecond. */
const slice = 32;

/** Gives unused pages back to the file system, in slices between which everything else goes on. Resolves with how many are left. */
export async function shrink(client: Client, { pages, retry }: { pages: number; retry: Retry }): Promise<number> {
  let left = await unused(client);
  for (let asked = pages; asked > 0 && left > 0; asked -= slice) {
    // Answers a row a page, which `execute` would leave unread and its statement open.
    await retry(() => client.executeMultiple(`PRAGMA incremental_vacuum(${Math.min(slice, asked)})`));
    left = await unused(client);
    await setImmediate();
  }
  return left;
}

async function unused(client: Client): Promise<number> {
  return Number((await client.execute("PRAGMA freelist_count")).rows[0]?.[0] ?? 0);
}
