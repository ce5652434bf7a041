import { createHash, randomBytes } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, open as openFile, readdir, readFile, rename, rm, stat, utimes } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { constants, createInflate, deflate, inflate } from "node:zlib";
import type { Content } from "./patch.ts";

/**
 * The contents of a snapshot repository, in git's own form of loose objects
 * (https://git-scm.com/book/en/v2/Git-Internals-Git-Objects). Nothing here is ever packed, so that one content can be erased.
 */
export interface Objects {
  /** Keeps a content and gives its id. */
  write(content: Uint8Array): Promise<string>;
  /** The content; undefined if it is not (or no longer) here. */
  read(hash: string): Promise<Buffer | undefined>;
  /** The same, to be read when it is wanted and only as far. */
  open(hash: string): Promise<Content | undefined>;
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
    async open(hash) {
      const file = place(hash);
      const bytes = await sizeIn(file).catch(unlessMissing);
      if (bytes === undefined) return undefined;
      return { bytes, read: () => this.read(hash), chunks: () => withoutHead(file) };
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

/** Compressed bytes in which the head of an object is: its own few, after the tables of the compression. */
const headBytes = 1024;

/** What the head of an object says of its size. */
async function sizeIn(file: string): Promise<number> {
  await using handle = await openFile(file);
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(headBytes), 0, headBytes, 0);
  const head = await expand(buffer.subarray(0, bytesRead), { finishFlush: constants.Z_SYNC_FLUSH });
  return Number(head.toString("latin1", "blob ".length, head.indexOf(0)));
}

async function* withoutHead(file: string): AsyncGenerator<Buffer> {
  const source = createReadStream(file);
  const inflated = createInflate();
  source.on("error", (error) => inflated.destroy(error));
  let isHead = true;
  try {
    for await (const chunk of source.pipe(inflated) as AsyncIterable<Buffer>) {
      yield isHead ? chunk.subarray(chunk.indexOf(0) + 1) : chunk;
      isHead = false;
    }
  } finally {
    source.destroy();
  }
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
  const handle = await openFile(temporary, "wx", 0o600);
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
