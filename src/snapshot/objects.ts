import { createHash, randomBytes } from "node:crypto";
import { mkdir, open, readdir, readFile, rename, rm, stat, utimes } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { deflate, inflate } from "node:zlib";

/**
 * The contents of a snapshot repository, in git's own form of loose objects
 * (https://git-scm.com/book/en/v2/Git-Internals-Git-Objects). Nothing here is ever packed, so that one content can be erased.
 */
export interface Objects {
  /** Keeps a content and gives its id. */
  write(content: Uint8Array): Promise<string>;
  /** The content; undefined if it is not (or no longer) here. */
  read(hash: string): Promise<Buffer | undefined>;
  has(hash: string): Promise<boolean>;
  erase(hashes: Iterable<string>): Promise<void>;
  /** Erases what is older (epoch ms) and not kept. */
  prune(options: { before: number; keep: ReadonlySet<string> }): Promise<void>;
}

const [compress, expand] = [promisify(deflate), promisify(inflate)];

/** Git's id of a content. */
export function hashOf(content: Uint8Array): string {
  return createHash("sha1").update(`blob ${content.byteLength}\0`).update(content).digest("hex");
}

export function createObjects(root: string): Objects {
  const place = (hash: string): string => join(root, hash.slice(0, 2), hash.slice(2));

  return {
    async write(content) {
      const hash = hashOf(content);
      const file = place(hash);
      // A content that is used again is young again.
      if (await touch(file)) return hash;
      await mkdir(join(root, hash.slice(0, 2)), { recursive: true });
      const body = await compress(Buffer.concat([Buffer.from(`blob ${content.byteLength}\0`), content]), { level: 1 });
      await writeWhole(file, body);
      return hash;
    },
    async read(hash) {
      const stored = await readFile(place(hash)).catch(unlessMissing);
      if (stored === undefined) return undefined;
      const whole = await expand(stored);
      return whole.subarray(whole.indexOf(0) + 1);
    },
    has: async (hash) => (await stat(place(hash)).catch(unlessMissing)) !== undefined,
    async erase(hashes) {
      for (const hash of hashes) await rm(place(hash), { force: true });
    },
    async prune({ before, keep }) {
      for (const folder of (await readdir(root).catch(unlessMissing)) ?? []) {
        if (!/^[0-9a-f]{2}$/.test(folder)) continue;
        for (const name of await readdir(join(root, folder))) {
          const stats = await stat(join(root, folder, name)).catch(unlessMissing);
          if (stats && stats.mtimeMs < before && !keep.has(folder + name)) await rm(join(root, folder, name), { force: true });
        }
      }
    },
  };
}

async function touch(file: string): Promise<boolean> {
  const now = new Date();
  return utimes(file, now, now).then(
    () => true,
    // Windows does not let a read-only file be touched; it is there all the same.
    (error: NodeJS.ErrnoException) => error.code === "EPERM" || (unlessMissing(error) ?? false),
  );
}

/** Nobody ever sees half an object, and a power cut leaves a whole one or none. */
async function writeWhole(file: string, body: Uint8Array): Promise<void> {
  const temporary = `${file}.${randomBytes(4).toString("hex")}.tmp`;
  const handle = await open(temporary, "wx", 0o600);
  try {
    await handle.writeFile(body);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(temporary, file);
}

function unlessMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code === "ENOENT" || error.code === "ENOTDIR") return undefined;
  throw error;
}
