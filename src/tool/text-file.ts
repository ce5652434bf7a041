import { randomBytes } from "node:crypto";
import { access, chmod, constants, open, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { makeDirectory } from "../file-store/file-store.ts";
import { AppError } from "../schema/error.ts";
import { errorCode } from "./path.ts";

/** A text file taken apart so that it can be put together again byte for byte. */
export interface TextFile {
  /** Without the byte order mark. */
  text: string;
  bom: boolean;
}

const mark = "\uFEFF";
const maximumBytes = 10 * 1024 * 1024;

/** Reads a UTF-8 text file; `undefined` when there is none. Throws BadRequest for what is not a text file that could be changed safely. */
export async function readTextFile(file: string): Promise<TextFile | undefined> {
  const stats = await stat(file).catch((error: unknown) => {
    if (errorCode(error) === "ENOENT" || errorCode(error) === "ENOTDIR") return undefined;
    throw error;
  });
  if (stats === undefined) return undefined;
  if (stats.isDirectory()) throw new AppError("BadRequest", `${file} is a directory, not a file.`);
  if (!stats.isFile()) throw new AppError("BadRequest", `${file} is not a regular file (a device, pipe or socket).`);
  if (stats.size > maximumBytes) {
    throw new AppError("BadRequest", `${file} is larger than 10 MB. Change it with a command through the bash tool.`);
  }
  return decode(file, await readFile(file));
}

function decode(file: string, bytes: Buffer): TextFile {
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    const bom = text.startsWith(mark);
    return { text: bom ? text.slice(1) : text, bom };
  } catch {
    // The decoder's only failure: bytes that are not UTF-8, which would be lost on the way back.
    throw new AppError("BadRequest", `${file} is not UTF-8 text; changing it here would damage it. Use a command through the bash tool.`);
  }
}

/** Writes through a temporary file beside the target, so that nobody ever sees half a file. Keeps the mode; makes missing directories. */
export async function writeTextFile(file: string, content: TextFile): Promise<void> {
  const staged = await stageTextFile(file, content);
  try {
    await staged.commit();
  } catch (error) {
    await staged.discard();
    throw error;
  }
}

/** A file that is written but not yet in its place. */
export interface StagedFile {
  commit(): Promise<void>;
  /** Leaves the target as it was. */
  discard(): Promise<void>;
}

/**
 * Writes all of the content beside the target: what can go wrong (no room, no rights) goes wrong here, before anything is replaced.
 * `newMode`: of a file that is not there yet.
 */
export async function stageTextFile(file: string, content: TextFile, newMode?: number): Promise<StagedFile> {
  const text = content.bom && !content.text.startsWith(mark) ? mark + content.text : content.text;
  makeDirectory(path.dirname(file));
  const existing = await writableMode(file);
  const mode = existing ?? newMode;
  const temporary = path.join(path.dirname(file), `.${path.basename(file).slice(0, 100)}.${randomBytes(6).toString("hex")}.tmp`);
  const handle = await open(temporary, "wx", mode ?? 0o666).catch((error: unknown) => {
    // A file may be writable in a directory that is not.
    if (existing !== undefined && ["EACCES", "EPERM"].includes(errorCode(error) ?? "")) return undefined;
    throw error;
  });
  if (handle === undefined) return { commit: () => writeFile(file, text), discard: async () => {} };
  const discard = () => rm(temporary, { force: true });
  try {
    await handle.writeFile(text);
    await handle.sync();
    await handle.close();
    if (mode !== undefined) await chmod(temporary, mode);
  } catch (error) {
    await handle.close().catch(() => undefined);
    await discard();
    throw error;
  }
  return { commit: () => rename(temporary, file), discard };
}

/** The mode of an existing file; `undefined` for a new one. A rename would replace a write-protected file, so its protection is checked here. */
async function writableMode(file: string): Promise<number | undefined> {
  try {
    await access(file, constants.W_OK);
    return (await stat(file)).mode & 0o7777;
  } catch (error) {
    if (errorCode(error) === "ENOENT") return undefined;
    throw new AppError("ForbiddenError", `${file} is write-protected.`, {}, { cause: error });
  }
}

/** `"\r\n"` when every line of the text ends so, else `"\n"`. */
export function lineEnding(text: string): "\r\n" | "\n" {
  const all = text.split("\n").length - 1;
  return all > 0 && text.split("\r\n").length - 1 === all ? "\r\n" : "\n";
}

export function withLineEnding(text: string, ending: "\r\n" | "\n"): string {
  const plain = text.replaceAll("\r\n", "\n");
  return ending === "\n" ? plain : plain.replaceAll("\n", "\r\n");
}
