import type { Content } from "./patch.ts";

/** Lines that one side has and the other lacked so far; with more than this the two count as too different to compare. About 20 MB. */
const mostApart = 250_000;

/**
 * Lines that one side has more often than the other: what a diff would count, but for lines that only moved. Both are read a chunk at a time, side by
 * side, and of a line only a hash (53 bits) is kept until the other side brings it too: the memory is that of the differences, not of the files. Of two
 * that are too different all lines count. Undefined for what is not text, or gone by now.
 */
export async function countLines(
  { before, after }: { before: Content | undefined; after: Content | undefined },
  most = mostApart,
): Promise<{ additions: number; deletions: number } | undefined> {
  const apart = new Map<number, number>();
  const total = { before: 0, after: 0 };
  let isComparable = true;
  const side = (name: "before" | "after", content: Content | undefined) =>
    readLines(content, (hash) => {
      total[name] += 1;
      if (!isComparable) return;
      const count = (apart.get(hash) ?? 0) + (name === "after" ? 1 : -1);
      if (count === 0) apart.delete(hash);
      else apart.set(hash, count);
      if (apart.size > most) isComparable = false;
    });
  const [old, next] = [side("before", before), side("after", after)];
  try {
    while (old.more || next.more) await (old.more && (old.bytes <= next.bytes || !next.more) ? old : next).read();
  } catch (error) {
    if (error instanceof NotText || (error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  } finally {
    await Promise.all([old.end(), next.end()]);
  }
  if (!isComparable) return { additions: total.after, deletions: total.before };
  let [additions, deletions] = [0, 0];
  for (const count of apart.values()) {
    if (count > 0) additions += count;
    else deletions -= count;
  }
  return { additions, deletions };
}

class NotText extends Error {}

interface Side {
  /** Whether there may be more to read, and the bytes that were read. */
  more: boolean;
  bytes: number;
  /** A chunk. Throws NotText. */
  read(): Promise<void>;
  end(): Promise<unknown>;
}

function readLines(content: Content | undefined, onLine: (hash: number) => void): Side {
  const chunks = content?.chunks()[Symbol.asyncIterator]();
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  const lines = createLines(onLine);
  const side: Side = {
    more: chunks !== undefined,
    bytes: 0,
    async read() {
      const { value: chunk, done } = (await chunks?.next()) ?? { done: true, value: undefined };
      requireText(decoder, chunk);
      side.bytes += chunk?.byteLength ?? 0;
      if (chunk !== undefined) lines.add(chunk);
      side.more = !done;
      if (done) lines.end();
    },
    end: async () => chunks?.return?.(),
  };
  return side;
}

function requireText(decoder: InstanceType<typeof TextDecoder>, chunk: Uint8Array | undefined): void {
  if (chunk?.includes(0)) throw new NotText();
  try {
    decoder.decode(chunk, { stream: chunk !== undefined });
  } catch {
    // The decoder's only failure.
    throw new NotText();
  }
}

/** Hashes lines as they come, in two ways at once (FNV-1a, and a multiplier of another kind): neither alone is wide enough. */
function createLines(onLine: (hash: number) => void): { add(chunk: Uint8Array): void; end(): void } {
  const start = { first: 0x811c9dc5, second: 0x9747b28c };
  let { first, second } = start;
  let length = 0;
  const tell = () => {
    onLine((first >>> 0) * 0x200000 + ((second ^ (second >>> 11)) & 0x1fffff));
    ({ first, second } = start);
    length = 0;
  };
  return {
    add(chunk) {
      for (const byte of chunk) {
        if (byte === 0x0a) {
          tell();
          continue;
        }
        first = Math.imul(first ^ byte, 0x01000193);
        second = Math.imul(second, 0x5bd1e995) + byte + 1;
        length += 1;
      }
    },
    end() {
      if (length > 0) tell();
    },
  };
}
