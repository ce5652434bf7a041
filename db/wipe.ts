import { stat } from "node:fs/promises";
import { setTimeout as delay, setImmediate as nextTurn } from "node:timers/promises";
import type { Client } from "@libsql/client";
import { codeOf } from "./damage.ts";
import { type Retry, shrink } from "./shrink.ts";
import { vacuumAside } from "./vacuum.ts";

/** Bytes of a store that is written anew at once (about 16 ms each MB, in which nobody else can write); a larger one has to wait. */
const smallStore = 64 << 20;
/** Milliseconds that a statement waits for another server, in which nothing else happens here: then it is tried again, with pauses. */
export const busyTimeout = 250;
/** Ids of rows are this long, unless a client chose them. */
const idLength = 30;
const idPattern = /^(?:msg|prt|evt|per|que)_[0-9A-Za-z]{26}$/;
/** Read at once; between two reads others have their turn. */
const chunkPages = 256;

export interface WiperOptions {
  /** Of the store. */
  file: string;
  /** Runs a statement until no other server holds the store. */
  retry: Retry;
  /** Bytes of the largest store that is written anew at once. */
  atOnce?: number;
}

export interface Wiper {
  /** See `Database`. */
  wipe(erased: string[]): Promise<boolean>;
  /** What was put off, at the end. */
  finish(): Promise<void>;
}

/**
 * One wipe at a time; those that are asked for meanwhile are done as one, after it: each looks at all bytes of the store, and two that write it anew
 * would be in each other's way. Deleted rows leave copies: in the write-ahead log, which holds pages as they were, and in the unused room of pages whose rows have moved, which
 * SQLite's `secure_delete` does not overwrite.
 */
export function createWiper(client: Client, { file, retry, atOnce = smallStore }: WiperOptions): Wiper {
  let due = false;
  let working: Promise<unknown> = Promise.resolve();
  let next: { erased: string[]; result: Promise<boolean> } | undefined;

  async function renew(): Promise<boolean> {
    try {
      await vacuumAside(file);
    } catch (error) {
      if (codeOf(error) === "SQLITE_BUSY") return false;
      throw error;
    }
    due = false;
    return emptyLog(client);
  }

  async function wipe(erased: string[]): Promise<boolean> {
    await shrink(client, { pages: 2000, retry });
    if (!(await emptyLog(client))) return false;
    const isLarge = (await stat(file)).size > atOnce;
    // It is written anew in any case: looking through it again takes seconds and would change nothing.
    if (due && isLarge) return false;
    if (!(await holdsAny(client, erased))) return true;
    due = true;
    return isLarge ? false : renew();
  }

  return {
    async wipe(erased) {
      if (next !== undefined) {
        next.erased = next.erased.concat(erased);
        return next.result;
      }
      const { promise: result, resolve } = Promise.withResolvers<boolean>();
      const call = { erased, result };
      next = call;
      await working;
      next = undefined;
      resolve(withoutWaiting(client, () => wipe(call.erased)));
      working = result.catch(() => undefined);
      return result;
    },
    async finish() {
      await working;
      if (due) await withoutWaiting(client, renew);
    },
  };
}

/** Whoever writes meanwhile must not sit and wait, with all that goes on here: it is told to come again. */
async function withoutWaiting<Result>(client: Client, work: () => Promise<Result>): Promise<Result> {
  await client.execute("PRAGMA busy_timeout = 0");
  try {
    return await work();
  } finally {
    await client.execute(`PRAGMA busy_timeout = ${busyTimeout}`);
  }
}

/** False when another server reads all the time (2 s). */
async function emptyLog(client: Client): Promise<boolean> {
  const deadline = Date.now() + 2_000;
  for (;;) {
    const { rows } = await client.execute("PRAGMA wal_checkpoint(TRUNCATE)");
    if (Number(rows[0]?.[0] ?? 0) === 0) return true;
    if (Date.now() > deadline) return false;
    await delay(20);
  }
}

/**
 * Looks at all bytes of the store, through SQLite: a process that opens the file itself and closes it again loses the locks of SQLite on it, and another
 * one then takes the write-ahead log for abandoned (https://sqlite.org/howtocorrupt.html#_posix_advisory_locks_canceled_by_a_separate_thread_doing_close_).
 */
async function holdsAny(client: Client, texts: string[]): Promise<boolean> {
  const ids = new Set(texts.filter((text) => idPattern.test(text)));
  const others = texts.filter((text) => !ids.has(text)).map((text) => Buffer.from(text));
  const overlap = Math.max(idLength, ...others.map(({ length }) => length));
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of readPages(client)) {
    const bytes = Buffer.concat([rest, chunk]);
    if (holdsID(bytes, ids) || others.some((text) => bytes.includes(text))) return true;
    rest = bytes.subarray(-overlap);
  }
  return false;
}

/** The pages of the store as they are in the file, some at a time. */
async function* readPages(client: Client): AsyncGenerator<Buffer> {
  const sql = "SELECT data FROM sqlite_dbpage WHERE pgno BETWEEN ? AND ? ORDER BY pgno";
  for (let first = 1; ; first += chunkPages) {
    const { rows } = await client.execute({ sql, args: [first, first + chunkPages - 1] });
    if (rows.length > 0) yield Buffer.concat(rows.map(({ data }) => new Uint8Array(data as ArrayBuffer)));
    if (rows.length < chunkPages) return;
    await nextTurn();
  }
}

function holdsID(bytes: Buffer, ids: Set<string>): boolean {
  for (const prefix of ["msg_", "prt_", "evt_", "per_", "que_"]) {
    for (let at = bytes.indexOf(prefix); at >= 0; at = bytes.indexOf(prefix, at + 1)) {
      if (ids.has(bytes.toString("latin1", at, at + idLength))) return true;
    }
  }
  return false;
}
