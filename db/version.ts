import type { Client } from "@libsql/client";
import { createClient } from "@libsql/client/sqlite3";
import journal from "./migrations/meta/_journal.json" with { type: "json" };

/** How the tables of a store stand to those of this version. The rule is of drizzle's own migrator, which takes a start ten times as long to say so. */
export async function versionOf(client: Client): Promise<"older" | "current" | "newer"> {
  const newest = Math.max(...journal.entries.map((entry) => entry.when));
  try {
    const { rows } = await client.execute("SELECT max(created_at) FROM __drizzle_migrations");
    const applied = Number(rows[0]?.[0] ?? 0);
    if (applied > newest) return "newer";
    return applied === newest ? "current" : "older";
  } catch (error) {
    // A new store: nobody has made the table.
    if (error instanceof Error && error.message.includes("no such table")) return "older";
    throw error;
  }
}

/** Whether a newer version wrote the store in a file. */
export async function isNewer(file: string): Promise<boolean> {
  const client = createClient({ url: `file:${file}`, concurrency: 1 });
  try {
    return (await versionOf(client)) === "newer";
  } finally {
    client.close();
  }
}
