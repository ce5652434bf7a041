import { stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Objects } from "./objects.ts";
import type { Repository } from "./repository.ts";
import { indexed, releaseContents } from "./tree.ts";

/** Erasing what nobody needs any more. Each is to have the repository to itself. */
export interface Pruning {
  /** What is older than `keepDays`; once a day, however often it is called. */
  daily(): Promise<void>;
  /** Everything, whatever its age, but what sessions need and what the index stands for: that is brought up to the files, and holds none of these contents. */
  everything(hashes: string[]): Promise<void>;
  /** These contents, but those that sessions need or the index stands for. */
  only(hashes: string[]): Promise<void>;
}

export interface PruningOptions {
  objects: Objects;
  open(): Promise<Repository>;
  /** Brings the index up to the files. */
  refresh(): Promise<void>;
  /** Whether the index cannot be read. */
  isOff(): boolean;
  needed(): Promise<string[]>;
  keepDays: number;
}

const day = 86_400_000;

export function createPruning(directory: string, { objects, open, refresh, isOff, needed, keepDays }: PruningOptions): Pruning {
  const kept = async (): Promise<Set<string>> => new Set([...(await needed()), ...(isOff() ? [] : await indexed(await open()))]);

  return {
    async daily() {
      const stamp = join(directory, "pruned");
      const last = await stat(stamp).catch(() => undefined);
      if (last && Date.now() - last.mtimeMs < day) return;
      await writeFile(stamp, new Date().toISOString());
      if (last !== undefined) await objects.prune({ before: Date.now() - keepDays * day, keep: await kept() });
    },
    async everything(hashes) {
      const before = Date.now();
      await refresh();
      const wanted = new Set(await needed());
      await releaseContents(await open(), new Set(hashes.filter((hash) => !wanted.has(hash))));
      await objects.prune({ before, keep: await kept() });
    },
    async only(hashes) {
      const keep = await kept();
      await objects.erase(hashes.filter((hash) => !keep.has(hash)));
    },
  };
}
