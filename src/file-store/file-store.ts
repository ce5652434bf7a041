import { randomUUID } from "node:crypto";
import { chmod, open, readFile, rename, rm, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { AppError } from "../schema/error.ts";
import { makeDirectory } from "./directory.ts";

export { makeDirectory } from "./directory.ts";

/** A small file that several callers change, each after the other, without losing what another has written. */
export interface StoredFile {
  /** Undefined when there is none. Throws ConfigInvalidError, as `change`, where the system does not let this user. */
  read(): Promise<string | undefined>;
  /**
   * Replaces the text by what `edit` makes of it; undefined leaves it alone. A reader sees the old file or the new one, never half of it.
   * When another process writes meanwhile, `edit` is asked again. Whether anything was written. Throws what `edit` throws.
   */
  change(edit: (text: string | undefined) => Promise<string | undefined> | string | undefined): Promise<boolean>;
}

/** A JSON object in a file that only its owner may read (mode 0600). */
export interface PrivateFile {
  /** Throws ConfigInvalidError for what is no JSON object; the message names the file, never its content. */
  read(): Promise<Record<string, unknown>>;
  /** As `StoredFile.change`. Throws as `read`, then nothing is written. */
  change(edit: (content: Record<string, unknown>) => Record<string, unknown> | undefined): Promise<boolean>;
}

/** Times that a file is edited anew because somebody else wrote it meanwhile. */
const mostAttempts = 10;

/** `mode`: of the file; that of the file before (0644 for a new one) unless told. Folders on the way are made for the owner alone. */
export function openStoredFile(file: string, options: { mode?: number } = {}): StoredFile {
  let last: Promise<unknown> = Promise.resolve();
  const read = () => readText(file);
  return {
    read,
    change(edit) {
      const next = last.then(async () => {
        for (let attempt = 0; attempt < mostAttempts; attempt += 1) {
          const before = await read();
          const after = await edit(before);
          if (after === undefined || after === before) return false;
          if (await replaceText(file, after, { ...options, expected: before })) return true;
        }
        throw new AppError("ConflictError", `${file} is being written by somebody else all the time. Try again.`, { path: file });
      });
      last = next.catch(() => undefined);
      return next;
    },
  };
}

export function openPrivateFile(file: string): PrivateFile {
  const stored = openStoredFile(file, { mode: 0o600 });
  return {
    read: async () => parse(file, await stored.read()),
    change: (edit) =>
      stored.change((text) => {
        const after = edit(parse(file, text));
        return after === undefined ? undefined : `${JSON.stringify(after, null, 2)}\n`;
      }),
  };
}

function parse(file: string, text = "{}"): Record<string, unknown> {
  const content = parseOrUndefined(text);
  if (typeof content === "object" && content !== null && !Array.isArray(content)) return { ...content };
  throw new AppError("ConfigInvalidError", `${file} is not valid JSON. Repair or delete it.`, { path: file });
}

/** The parser's own error would quote the file, and the file holds secrets. */
function parseOrUndefined(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function readText(file: string): Promise<string | undefined> {
  return readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    // A file on the way to it is told when something is to be written there.
    if (error.code === "ENOENT" || error.code === "ENOTDIR") return undefined;
    throw unusable(file, error);
  });
}

/** False when the file no longer holds what was expected. */
async function replaceText(file: string, text: string, { mode, expected }: { mode?: number; expected?: string }): Promise<boolean> {
  const draft = `${file}.${randomUUID()}.tmp`;
  try {
    makeDirectory(dirname(file), 0o700);
    const wanted = mode ?? (await modeOf(file));
    await using handle = await open(draft, "wx", wanted);
    await handle.writeFile(text);
    await handle.sync();
    await handle.close();
    await chmod(draft, wanted);
    if ((await readText(file)) !== expected) {
      await rm(draft, { force: true });
      return false;
    }
    await rename(draft, file);
    return true;
  } catch (error) {
    await rm(draft, { force: true }).catch(() => {});
    throw unusable(file, error);
  }
}

/** What whoever looks after the machine can mend, told by name; anything else is as it was. */
function unusable(file: string, error: unknown): unknown {
  const { code, message } = error as NodeJS.ErrnoException;
  if (!["ENOTDIR", "EISDIR", "EACCES", "EPERM", "EROFS", "ENOENT"].includes(String(code))) return error;
  const why = code === "EISDIR" ? "it is a directory" : message;
  return new AppError("ConfigInvalidError", `${file} cannot be used: ${why}.`, { path: file }, { cause: error });
}

async function modeOf(file: string): Promise<number> {
  const found = await stat(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  return found === undefined ? 0o644 : found.mode & 0o777;
}
