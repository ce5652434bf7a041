import { AsyncLocalStorage } from "node:async_hooks";
import { existsSync } from "node:fs";
import { dirname } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { Client, InStatement, ResultSet } from "@libsql/client";
import type { BatchItem } from "drizzle-orm/batch";
import type { LibSQLDatabase } from "drizzle-orm/libsql";
import { migrate } from "drizzle-orm/libsql/migrator";
import { drizzle } from "drizzle-orm/libsql/sqlite3";
import { makeDirectory } from "../src/file-store/file-store.ts";
import { holdStore } from "../src/held-file/held-file.ts";
import { connect } from "./connection.ts";
import { explainOpening } from "./damage.ts";
import { forgetWords } from "./forget-words.ts";
import * as schema from "./schema.ts";
import { shrink } from "./shrink.ts";
import { versionOf } from "./version.ts";
import { busyTimeout, createWiper } from "./wipe.ts";

export type Orm = LibSQLDatabase<typeof schema>;
export type Statement = BatchItem<"sqlite">;

/**
 * An open store. Reads go through `orm`; every change goes through `write`, one commit per call.
 * libSQL works synchronously under its promises: long loops of reads or writes must yield to the event loop themselves.
 */
export interface Database extends AsyncDisposable {
  orm: Orm;
  /** Runs the statements as one transaction that takes the write lock first. While another server holds it, tries again (up to 10 s). Throws the driver's error; nothing was written then. */
  write(statements: Statement[]): Promise<ResultSet[]>;
  /** Gives unused pages back to the file system, a millisecond's worth at a time; resolves with how many are left. None for 0 pages. Nothing where the store is not a file of ours. */
  shrink(pages: number): Promise<number>;
  /** Does the work; the first commit that is made in the course of it, by whomever it calls, carries the statement too. */
  alongside<Result>(statement: Statement, work: () => Promise<Result>): Promise<Result>;
  /** A number that moves when somebody else (another connection, another server) has committed. */
  dataVersion(): Promise<number>;
  /**
   * Makes sure that deleted rows are nowhere in the store's files. `erased`: texts by which what is left of them is known. False when that was not
   * possible now: another server reads all the time, or the store is large and has to be written anew, which happens when it is closed.
   */
  wipe(erased: string[]): Promise<boolean>;
}

/** Opens the store and brings its tables up to date. `url`: a libSQL URL, a path, or `:memory:`. Throws Error with one clear line when it cannot. */
export async function openDatabase(url: string): Promise<Database> {
  const location = toUrl(url);
  const { client, orm } = await open(location);
  const held = location.startsWith("file:") ? holdStore(fileOf(location)) : undefined;
  const wiper = location.startsWith("file:") ? createWiper(client, { file: fileOf(location), retry: withRetry }) : undefined;
  return {
    orm,
    async write(statements) {
      const { more, committed } = beside();
      const results = await withRetry(() => client.batch([...statements, ...more].map(toStatement), "write"));
      committed();
      return results;
    },
    async shrink(pages) {
      return location.startsWith("file:") ? shrink(client, { pages, retry: withRetry }) : 0;
    },
    alongside: (statement, work) => companions.run({ statement }, work),
    dataVersion: async () => Number((await client.execute("PRAGMA data_version")).rows[0]?.[0] ?? 0),
    async wipe(erased) {
      await forgetWords(client, withRetry);
      return wiper === undefined || wiper.wipe(erased);
    },
    async [Symbol.asyncDispose]() {
      await wiper?.finish();
      client.close();
      held?.[Symbol.dispose]();
    },
  };
}

async function open(location: string): Promise<{ client: Client; orm: Orm }> {
  if (!location.startsWith("file:")) return prepare(location);
  try {
    return await prepare(location);
  } catch (error) {
    throw explainOpening(error, fileOf(location));
  }
}

async function prepare(location: string): Promise<{ client: Client; orm: Orm }> {
  const client = await createClient(location);
  await configure(client, location);
  const orm = drizzle(client, { schema });
  if (!(await withRetry(() => isUpToDate(client)))) await migrateTogether(orm);
  if (isLocal(location)) await client.execute(`PRAGMA busy_timeout = ${busyTimeout}`);
  return { client, orm };
}

/** What travels with the next commit of a piece of work. */
const companions = new AsyncLocalStorage<{ statement?: Statement }>();

function beside(): { more: Statement[]; committed(): void } {
  const companion = companions.getStore();
  if (companion?.statement === undefined) return { more: [], committed: () => {} };
  return {
    more: [companion.statement],
    committed() {
      companion.statement = undefined;
    },
  };
}

function toUrl(url: string): string {
  return url === ":memory:" || /^[a-z]+:/i.test(url.replace(/^[a-z]:[\\/]/i, "")) ? url : `file:${url}`;
}

/** The path in a `file:` URL. */
const fileOf = (url: string): string => url.slice("file:".length).split("?")[0] ?? "";
const isLocal = (url: string): boolean => url === ":memory:" || url.startsWith("file:");

async function createClient(url: string): Promise<Client> {
  if (!isLocal(url)) return (await import("@libsql/client")).createClient({ url, concurrency: 1 });
  if (url === ":memory:") return connect(url);
  makeDirectory(dirname(fileOf(url)));
  return connect(fileOf(url));
}

async function configure(client: Client, url: string): Promise<void> {
  if (!isLocal(url)) return;
  // auto_vacuum only takes in an empty file, before anything else is written to it.
  const pragmas = [
    // Nothing else goes on here yet: another server may be waited for.
    "busy_timeout = 10000",
    "auto_vacuum = INCREMENTAL",
    "secure_delete = ON",
    "journal_mode = WAL",
    "synchronous = NORMAL",
    "foreign_keys = ON",
  ];
  for (const pragma of pragmas) await withRetry(() => client.execute(`PRAGMA ${pragma}`));
}

function migrationsFolder(): string {
  const folder = fileURLToPath(new URL("./migrations", import.meta.url));
  if (!existsSync(folder)) throw new Error(`The migrations are missing (${folder}): the installation is incomplete.`);
  return folder;
}

/** Whether the newest migration has been applied. Throws Error for a store with newer ones than this version knows. */
async function isUpToDate(client: Client): Promise<boolean> {
  const version = await versionOf(client);
  if (version === "newer") throw new Error("The store was written by a newer version of codeport: update codeport, or use another store.");
  return version === "current";
}

/** Two servers may open an empty file at once: the one that comes second fails, looks again and finds the work done. */
async function migrateTogether(orm: Orm): Promise<void> {
  const folder = migrationsFolder();
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await migrate(orm, { migrationsFolder: folder });
    } catch (error) {
      if (attempt === 5) throw error;
      await delay(50 * attempt);
    }
  }
}

function toStatement(statement: Statement): InStatement {
  const { sql, params } = (statement as unknown as { toSQL(): { sql: string; params: unknown[] } }).toSQL();
  return { sql, args: params as never[] };
}

/** The write lock of another server is held for milliseconds: waiting for it beats telling a client. */
async function withRetry<Result>(run: () => Promise<Result>): Promise<Result> {
  const deadline = Date.now() + 10_000;
  for (;;) {
    try {
      return await run();
    } catch (error) {
      if (!isBusy(error) || Date.now() > deadline) throw error;
      await delay(5 + Math.random() * 45);
    }
  }
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && "code" in error && String(error.code).startsWith("SQLITE_BUSY");
}

/** Whether a write failed because a `guard` row did not hold. */
export function isGuardFailure(error: unknown): boolean {
  return error instanceof Error && error.message.includes("guard_ok");
}
