import type { Client } from "@libsql/client";

/** Pages that are merged at a time (about 50 ms), so that others get their turn in between. */
const pages = 256;

/**
 * FTS5 keeps the words of deleted rows, marked as deleted, until its segments are merged; its own `secure-delete` leaves indexes of this version of
 * SQLite (3.45.1) malformed. So they are merged into one. Nothing is left to do when a merge changes next to nothing (https://sqlite.org/fts5.html#the_merge_command).
 */
export async function forgetWords(client: Client, retry: <Result>(run: () => Promise<Result>) => Promise<Result>): Promise<void> {
  // A negative count begins the merging of all segments, a positive one goes on with it.
  for (let amount = -pages, before = await changesOf(client); ; amount = pages) {
    await retry(() => client.execute({ sql: "INSERT INTO search (search, rank) VALUES ('merge', ?)", args: [amount] }));
    const after = await changesOf(client);
    if (after - before < 2) return;
    before = after;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

async function changesOf(client: Client): Promise<number> {
  return Number((await client.execute("SELECT total_changes()")).rows[0]?.[0] ?? 0);
}
