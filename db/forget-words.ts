import type { Client } from "@libsql/client";

/** Pages that are merged at a time (about 50 ms), so that others get their turn in between. */
const pages = 256;

/**
 * FTS5 keeps the words of deleted rows, marked as deleted, until its segments are merged; its own `secure-delete` leaves indexes of this version of
 * SQLite (3.45.1) malformed. So they are merged into one. Nothing is left to do when a merge changes next to nothing (https://sqlite.org/fts5.html#the_merge_command).
 */
export async function forgetWords(client: Client, retry: <Result>(run: () => Promise<Result>) => Promise<Result>): Promise<void> {
  // A negative count begins the merging of all segments, a positive one goes on with it.
  for (let amount = -pages; ; amount = pages) {
    if ((await retry(() => merge(client, amount))) < 2) return;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** Rows that were changed. In one transaction, since the count is that of the connection: what others write in between, another merge too, is not ours. */
async function merge(client: Client, amount: number): Promise<number> {
  const count = "SELECT total_changes()";
  const [before, , after] = await client.batch(
    [count, { sql: "INSERT INTO search (search, rank) VALUES ('merge', ?)", args: [amount] }, count],
    "write",
  );
  return Number(after?.rows[0]?.[0] ?? 0) - Number(before?.rows[0]?.[0] ?? 0);
}
