import type { Database, Statement } from "../../db/client.ts";
import {
  type AuditFilter,
  type AuditRow,
  findAudit,
  highestAudit,
  insertAudit,
  listAudit,
  listAuditBack,
  saveSealed,
  sealAudit,
  sealedUntil,
} from "../../db/queries/audit.ts";
import type { AuditEntry, AuditRecord, AuditReport } from "../schema/audit.ts";
import { checkChain, hashOf, origin } from "./chain.ts";

/**
 * The trail of who did what. Entries are committed with the change they tell of; then each gets a hash over the entry before it and its
 * own bytes. The hash follows from the entries alone, so several servers on one store may fill it in at once. Ids only, never content.
 */
export interface AuditTrail extends AsyncDisposable {
  /** For the batch of the change itself. */
  entry(entry: AuditEntry): Statement;
  /** For changes that are no rows (files): to be called when they are made. */
  record(entry: AuditEntry): Promise<void>;
  /** Newest first, those that fit; 100 unless told. */
  list(page?: AuditFilter & { limit?: number }): Promise<AuditRecord[]>;
  /** Reads the whole chain. `head`: `sequence:hash` as it was noted earlier, which must still be in it. */
  verify(options?: { head?: string }): Promise<AuditReport>;
}

export interface AuditOptions {
  database: Database;
  /** Told of failures nobody waits for. */
  onError?: (error: unknown) => void;
}

const pageSize = 500;
/** Milliseconds after an entry was made at which its commit should be done; one that took longer is met by the second look. */
const looks = [100, 5_000];

export function createAudit({ database, onError = () => {} }: AuditOptions): AuditTrail {
  const { orm } = database;
  const timers = new Set<NodeJS.Timeout>();
  let sealing: Promise<void> = Promise.resolve();
  let ended = false;

  const seal = (): Promise<void> => {
    sealing = sealing.catch(() => undefined).then(() => sealAll(database));
    return sealing;
  };
  const sealLater = () => {
    if (ended || timers.size > 0) return;
    for (const delay of looks) {
      const timer = setTimeout(() => {
        timers.delete(timer);
        seal().catch(onError);
      }, delay).unref();
      timers.add(timer);
    }
  };
  const entry = (made: AuditEntry): Statement => {
    sealLater();
    return insertAudit(orm, toRow(made));
  };
  return {
    entry,
    async record(made) {
      await database.write([entry(made)]);
    },
    list: async ({ limit = 100, ...filter } = {}) => (await listAuditBack(orm, { ...filter, limit })).map(toRecord),
    async verify({ head } = {}) {
      await sealing.catch(() => undefined);
      return verify(database, head);
    },
    async [Symbol.asyncDispose]() {
      // Entries that still come are given their hashes with the next one, whoever makes it.
      ended = true;
      const wanted = timers.size > 0;
      for (const timer of timers) clearTimeout(timer);
      timers.clear();
      // One that was begun reads the store, too.
      await (wanted ? seal() : sealing.catch(() => undefined));
    },
  };
}

/** Goes on after the last entry that was given its hash. What has lost its own since is not given another: that would hide it. */
async function sealAll({ orm, write }: Database): Promise<void> {
  for (;;) {
    const sealed = await sealedUntil(orm);
    const rows = await listAudit(orm, { after: sealed, limit: pageSize });
    let previous = (await findAudit(orm, sealed))?.hash ?? origin;
    const seals = rows.flatMap((row) => {
      const hash = row.hash ?? hashOf(previous, row);
      previous = hash;
      return row.hash === null ? [sealAudit(orm, { sequence: row.sequence, hash })] : [];
    });
    const last = rows.at(-1);
    if (last !== undefined) await write([...seals, saveSealed(orm, last.sequence)]);
    if (rows.length < pageSize) return;
  }
}

async function verify({ orm }: Database, noted: string | undefined): Promise<AuditReport> {
  // Before the entries: others may seal some meanwhile.
  const check = checkChain({ sealed: await sealedUntil(orm) });
  const highest = await highestAudit(orm);
  let found = noted === undefined;
  for (let after: number | undefined; ; ) {
    const rows = await listAudit(orm, { after, limit: pageSize });
    for (const row of rows) {
      check.next(row);
      found ||= `${row.sequence}:${row.hash}` === noted;
    }
    if (rows.length < pageSize) break;
    after = rows.at(-1)?.sequence;
  }
  check.end({ before: highest, after: await highestAudit(orm), sealed: await sealedUntil(orm) });
  if (!found) check.faults.push({ sequence: Number.parseInt(noted ?? "0", 10) || 0, fault: "the noted head is not in the trail" });
  const { entries, faults, head } = check;
  return { intact: faults.length === 0, entries, head: head && `${head.sequence}:${head.hash}`, faults };
}

function toRow({ actor, action, subject = {}, directory }: AuditEntry): Omit<AuditRow, "sequence" | "hash"> {
  const { name, address = null } = actor;
  return { time: Date.now(), actor: name, action, subject: JSON.stringify(subject), directory: directory ?? null, address };
}

function toRecord({ subject, directory, address, hash, ...row }: AuditRow): AuditRecord {
  return { ...row, subject: parsed(subject), directory: directory ?? undefined, address: address ?? undefined, hash: hash ?? undefined };
}

/** A damaged entry is shown all the same: `verify` says what is wrong with it. */
function parsed(subject: string): Record<string, string> {
  try {
    return JSON.parse(subject);
  } catch {
    return { damaged: subject };
  }
}
