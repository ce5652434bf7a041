import { rm } from "node:fs/promises";
import { expect, test } from "vitest";
import { countLines } from "../../src/snapshot/line-count.ts";
import { createObjects } from "../../src/snapshot/objects.ts";
import { type Content, toFileDiff } from "../../src/snapshot/patch.ts";
import { temporaryDirectory } from "../helpers/directory.ts";

// Files above what is compared counted 0 lines in changes, as if nothing had happened; then they were counted with both contents in memory.

const large = (first: string) => `${first}\n${"the same line\n".repeat(60_000)}`;

async function withObjects(run: (keep: (content: string | Uint8Array) => Promise<Content>, root: string) => Promise<void>): Promise<void> {
  await using directory = await temporaryDirectory();
  const objects = createObjects(directory.path);
  const keep = async (content: string | Uint8Array) => {
    const kept = await objects.open(await objects.write(Buffer.from(content)));
    if (kept === undefined) throw new Error("It was not kept.");
    return kept;
  };
  await run(keep, directory.path);
}

test("of a file that is too large to compare the lines are counted, and those that only moved are not", () =>
  withObjects(async (keep) => {
    const count = async (old: string | undefined, next: string | undefined) => {
      const [before, after] = [old === undefined ? undefined : await keep(old), next === undefined ? undefined : await keep(next)];
      const { patch, additions, deletions } = await toFileDiff("log.txt", { before, after });
      return { patch, additions, deletions };
    };
    expect(await count(large("one"), large("two\nthree"))).toEqual({ patch: "", additions: 2, deletions: 1 });
    expect(await count(undefined, large("one"))).toEqual({ patch: "", additions: 60_001, deletions: 0 });
    expect(await count(large("one"), undefined)).toEqual({ patch: "", additions: 0, deletions: 60_001 });
    expect(await count(large("one"), `${large("one")}`.replace("one\n", "").concat("one\n"))).toEqual({
      patch: "",
      additions: 0,
      deletions: 0,
    });
    // Cut in the middle of a letter wherever a chunk ends, and without an end of the last line.
    expect(await count(`${"é".repeat(300_000)}\nlast`, `${"é".repeat(300_001)}\nlast\n`)).toMatchObject({ additions: 1, deletions: 1 });
  }));

test("a large content that is not text, or is gone by now, counts no lines", () =>
  withObjects(async (keep, root) => {
    const [text, binary, latin] = [large("one"), Buffer.concat([Buffer.from(large("one")), Buffer.of(0)]), Buffer.alloc(1 << 20, 0xe9)];
    for (const content of [binary, latin])
      expect(await toFileDiff("a", { before: await keep(text), after: await keep(content) })).toMatchObject({ additions: 0, deletions: 0 });
    const gone = await keep(text);
    await rm(root, { recursive: true });
    expect(await toFileDiff("a", { before: undefined, after: gone })).toMatchObject({ additions: 0, deletions: 0, status: "added" });
  }));

test("what is kept while lines are counted is bounded: beyond that all lines count", () =>
  withObjects(async (keep) => {
    const lines = (word: string) => Array.from({ length: 1_000 }, (_, at) => `${word} ${at}\n`).join("");
    const before = await keep(lines("same") + lines("old"));
    const after = await keep(lines("same") + lines("new") + lines("newer"));
    expect(await countLines({ before, after })).toEqual({ additions: 2_000, deletions: 1_000 });
    expect(await countLines({ before, after }, 500)).toEqual({ additions: 3_000, deletions: 2_000 });
  }));

test("a size is told without reading the content", () =>
  withObjects(async (keep) => {
    const noise = Uint8Array.from({ length: 100_000 }, (_, at) => (at * 2654435761) >>> 24);
    for (const content of ["", "a", large("one"), noise]) {
      const kept = await keep(content);
      expect(kept.bytes).toBe(Buffer.from(content).byteLength);
      expect(await kept.read()).toEqual(Buffer.from(content));
      const chunks: Uint8Array[] = [];
      for await (const chunk of kept.chunks()) chunks.push(chunk);
      expect(Buffer.concat(chunks)).toEqual(Buffer.from(content));
    }
  }));
