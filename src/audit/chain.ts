import { createHash } from "node:crypto";
import type { AuditRow } from "../../db/queries/audit.ts";
import type { AuditReport } from "../schema/audit.ts";

/** What stands before the first entry. */
export const origin = "0".repeat(64);

/** The hash of an entry: over that of the entry before it and every field, to the byte. Hexadecimal SHA-256. */
export function hashOf(previous: string, row: Omit<AuditRow, "hash">): string {
  const { sequence, time, actor, action, subject, directory, address } = row;
  const text = JSON.stringify([previous, sequence, time, actor, action, subject, directory, address]);
  return createHash("sha256").update(text).digest("hex");
}

export type Fault = AuditReport["faults"][number];

/** Reads a chain entry by entry, in their order, and keeps what is wrong with it. */
export interface ChainCheck {
  next(row: AuditRow): void;
  /** The highest sequence there ever was, asked before and after the entries were read: others may add some meanwhile. `sealed`: asked after. */
  end(counts: { before: number; after: number; sealed: number }): void;
  entries: number;
  faults: Fault[];
  head?: { sequence: number; hash: string };
}

/** `sealed`: the sequence up to which entries had their hashes, asked before they were read. Those after it may be without, for a moment. */
export function checkChain({ sealed }: { sealed: number }): ChainCheck {
  let last = 0;
  let previous: string | undefined = origin;
  const add = (sequence: number, fault: string) => check.faults.push({ sequence, fault });
  const check: ChainCheck = {
    entries: 0,
    faults: [],
    next(row) {
      check.entries += 1;
      if (row.sequence < 1) return add(row.sequence, "stands before the first");
      if (row.sequence !== last + 1) {
        add(last + 1, `${row.sequence - last - 1} removed before ${row.sequence}`);
        previous = undefined;
      }
      last = row.sequence;
      if (row.hash === null) {
        const isOpen = row.sequence > sealed;
        if (!isOpen) add(row.sequence, "its hash was removed");
        previous = isOpen && previous !== undefined ? hashOf(previous, row) : undefined;
        return;
      }
      // What follows a gap cannot be judged by what stood in the gap: the entry itself is taken for true, and the next one tells.
      if (previous !== undefined && hashOf(previous, row) !== row.hash) add(row.sequence, "changed, or the one before it was");
      previous = row.hash;
      check.head = { sequence: row.sequence, hash: row.hash };
    },
    end({ before, after, sealed: sealedNow }) {
      const most = Math.max(before, sealed);
      if (most > last) add(last + 1, `${most - last} removed from the end`);
      if (last > after) add(last, "the count of entries was set back");
      const head = check.head?.sequence ?? 0;
      if (head > sealedNow) add(head, "the count of hashes was set back");
    },
  };
  return check;
}
