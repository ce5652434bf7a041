import { cp, readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { createClient } from "@libsql/client/sqlite3";
import { migrate } from "drizzle-orm/libsql/migrator";
import { drizzle } from "drizzle-orm/libsql/sqlite3";
import { expect, it } from "vitest";
import { openDatabase } from "../db/client.ts";
import { findTexts } from "../db/queries/searchable.ts";
import { listSessions } from "../db/queries/session.ts";
import { temporaryDirectory } from "./helpers/directory.ts";
import { testSession, testText } from "./helpers/store.ts";

it("a store of an older version can be searched once it is opened", async () => {
  await using directory = await temporaryDirectory();
  const file = directory.join("store.db");
  const session = { ...testSession(), title: "About zebrafinches", time: { created: 1, updated: 1, archived: 5 } };
  const parts = [
    testText(session.id, { text: "a zebrafinch sings", time: undefined }),
    testText(session.id, { text: "a zebrafinch hides", synthetic: true, time: undefined }),
  ];
  await writeOld(file, await migrationsUntil(10, directory.join("migrations")), [
    ["INSERT INTO session VALUES (?, 'p', NULL, '/d', '', ?, 1, 1, ?)", session.id, session.title, JSON.stringify(session)],
    ["INSERT INTO message VALUES (?, ?, 'user', NULL, 2, NULL, '{}')", parts[0]?.messageID ?? "", session.id],
    ...parts.map((part, at) => [
      "INSERT INTO part VALUES (?, ?, ?, ?, ?)",
      part.id,
      parts[0]?.messageID ?? "",
      session.id,
      at,
      JSON.stringify(part),
    ]),
  ]);
  await using database = await openDatabase(file);
  const found = await findTexts(database.orm, { match: '"zebrafinch"*', limit: 9, archived: true, within: [] });
  expect(found.map(({ partID }) => partID)).toEqual([parts[0]?.id, session.id]);
  expect((await listSessions(database.orm, { archived: "only" })).map(({ id }) => id)).toEqual([session.id]);
});

/** The migrations as they were when there were so many more than one. */
async function migrationsUntil(last: number, target: string): Promise<string> {
  await cp(fileURLToPath(new URL("../db/migrations", import.meta.url)), target, { recursive: true });
  const file = `${target}/meta/_journal.json`;
  const journal = JSON.parse(await readFile(file, "utf8"));
  await writeFile(file, JSON.stringify({ ...journal, entries: journal.entries.slice(0, last + 1) }));
  return target;
}

async function writeOld(file: string, migrationsFolder: string, rows: (string | number)[][]): Promise<void> {
  const client = createClient({ url: `file:${file}`, concurrency: 1 });
  await migrate(drizzle(client), { migrationsFolder });
  for (const [sql, ...args] of rows) await client.execute({ sql: String(sql), args });
  client.close();
}
