import { randomUUID } from "node:crypto";
import { chmod, mkdir, open, readFile, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { AppError } from "../schema/error.ts";
import { Auth } from "../schema/provider.ts";

/** Stored keys and logins, by provider. Values never go to a client or a log. */
export interface Credentials {
  get(providerID: string): Promise<Auth | undefined>;
  set(providerID: string, auth: Auth): Promise<void>;
  /** Whether there was one. */
  remove(providerID: string): Promise<boolean>;
  list(): Promise<Record<string, Auth>>;
}

/**
 * Credentials in one JSON file, `{ [providerID]: Auth }` as OpenCode's auth.json, mode 0600. Each write replaces the file as a whole, so a
 * reader sees the old or the new one; entries this version does not understand are kept as they are. The file need not exist.
 * Methods throw AppError ConfigInvalidError when the file is not JSON; the message names the file, never its content.
 */
export function openCredentials(file: string): Credentials {
  let last: Promise<unknown> = Promise.resolve();
  const change = (edit: (stored: Map<string, unknown>) => boolean): Promise<boolean> => {
    const next = last.then(async () => {
      const stored = await readAll(file);
      const changed = edit(stored);
      if (changed) await replaceFile(file, Object.fromEntries(stored));
      return changed;
    });
    last = next.catch(() => undefined);
    return next;
  };
  return {
    get: async (providerID) => understood(await readAll(file))[providerID],
    list: async () => understood(await readAll(file)),
    set: async (providerID, auth) => {
      await change((stored) => stored.set(providerID, Auth.parse(auth)) !== undefined);
    },
    remove: (providerID) => change((stored) => stored.delete(providerID)),
  };
}

async function readAll(file: string): Promise<Map<string, unknown>> {
  const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return "{}";
    throw error;
  });
  try {
    return new Map(Object.entries(JSON.parse(text)));
  } catch {
    // The cause would quote the file, and the file holds keys.
    throw new AppError("ConfigInvalidError", `${file} is not valid JSON. Repair or delete it.`, {
      path: file,
    });
  }
}

function understood(stored: Map<string, unknown>): Record<string, Auth> {
  const read = [...stored].map(([id, value]) => [id, Auth.safeParse(value).data] as const);
  return Object.fromEntries(read.filter((pair): pair is readonly [string, Auth] => pair[1] !== undefined));
}

async function replaceFile(file: string, content: Record<string, unknown>): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const draft = `${file}.${randomUUID()}.tmp`;
  try {
    await using handle = await open(draft, "wx", 0o600);
    await handle.writeFile(`${JSON.stringify(content, null, 2)}\n`);
    await handle.sync();
    await handle.close();
    await chmod(draft, 0o600);
    await rename(draft, file);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}
