import { readFile, stat } from "node:fs/promises";
import { basename, extname, isAbsolute, relative, resolve, sep } from "node:path";
import { pathToFileURL } from "node:url";
import type { PartInput } from "../schema/prompt.ts";
import type { Host } from "./env.ts";
import { Failure } from "./failure.ts";

type FilePart = Extract<PartInput, { type: "file" }>;

const media: Record<string, string> = {
  ".png": "image/png",
  ".jpg": "image/jpeg",
  ".jpeg": "image/jpeg",
  ".gif": "image/gif",
  ".webp": "image/webp",
  ".pdf": "application/pdf",
};

/** Bytes that a prompt may carry of one file. */
const largest = { text: 256 * 1024, media: 8 * 1024 * 1024 };

export interface AttachmentOptions {
  /** Of the command's own server, which reads files in it by itself; undefined for a server that may be anywhere. */
  directory: string | undefined;
  host: Pick<Host, "directory">;
}

/** The files that a prompt brings. Throws Failure "usage" for one that is missing, too large, or neither text, image nor PDF. */
export function attachments(files: string[], options: AttachmentOptions): Promise<FilePart[]> {
  return Promise.all(files.map((file) => attachment(resolve(options.host.directory, file), options)));
}

async function attachment(path: string, { directory }: AttachmentOptions): Promise<FilePart> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) throw new Failure("usage", `--file: there is no ${path}.`);
  const filename = basename(path);
  if (directory !== undefined && isInside(path, directory))
    return { type: "file", mime: "text/plain", filename, url: pathToFileURL(path).href };
  if (!found.isFile())
    throw new Failure("usage", `--file: ${path} is not a file; a directory can be attached only inside the one worked in.`);
  const mime = media[extname(path).toLowerCase()];
  const limit = mime === undefined ? largest.text : largest.media;
  if (found.size > limit) throw new Failure("usage", `--file: ${path} is larger than ${limit / 1024} kB, too much for a prompt.`);
  const bytes = await readFile(path);
  if (mime === undefined && !isText(bytes)) throw new Failure("usage", `--file: ${path} is neither text nor an image or PDF.`);
  const type = mime ?? "text/plain";
  return { type: "file", mime: type, filename, url: `data:${type};base64,${bytes.toString("base64")}` };
}

function isInside(path: string, directory: string): boolean {
  const way = relative(directory, path);
  return !isAbsolute(way) && way.split(sep)[0] !== "..";
}

function isText(bytes: Buffer): boolean {
  if (bytes.includes(0)) return false;
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}
