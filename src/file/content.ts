import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { refuseHeld } from "../held-file/held-file.ts";
import { AppError } from "../schema/error.ts";
import type { FileContent } from "../schema/file.ts";
import { fileError } from "./failure.ts";
import { resolveInside } from "./inside.ts";
import { mimeType } from "./mime.ts";

/** Bytes; an answer carries the whole file. */
const largest = 10 * 1024 * 1024;

// A link put in place of the file since it was resolved is not followed, and a pipe does not make the server wait. Windows has neither flag.
const flags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/** A file's exact text, or its bytes in base64 when it is an image or not valid UTF-8. */
export async function readContent(root: string, path: string): Promise<FileContent> {
  const { absolute } = await resolveInside(root, path);
  const bytes = await readBytes(absolute, path);
  const mime = mimeType(absolute);
  const text = mime.startsWith("image/") ? undefined : decode(bytes);
  if (text !== undefined) return { type: "text", content: text };
  return { type: "binary", content: bytes.toString("base64"), encoding: "base64", mimeType: mime };
}

async function readBytes(absolute: string, path: string): Promise<Buffer> {
  refuseHeld(absolute, path);
  try {
    await using file = await open(absolute, flags);
    await refuse(file, path);
    return await file.readFile();
  } catch (error) {
    throw fileError(error, path);
  }
}

async function refuse(file: FileHandle, path: string): Promise<void> {
  const found = await file.stat();
  if (found.isDirectory()) throw new AppError("BadRequest", `"${path}" is a directory.`);
  if (!found.isFile()) throw new AppError("BadRequest", `"${path}" is not a regular file.`);
  if (found.size > largest) throw new AppError("PayloadTooLargeError", `"${path}" has ${found.size} bytes; at most ${largest} are served.`);
}

/** undefined when the bytes are not text. A byte order mark is part of the text. */
function decode(bytes: Buffer): string | undefined {
  if (bytes.includes(0)) return undefined;
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}
