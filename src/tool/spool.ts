import { randomBytes } from "node:crypto";
import { createWriteStream, type WriteStream } from "node:fs";
import { mkdir } from "node:fs/promises";
import path from "node:path";
import { finished } from "node:stream/promises";
import type { ToolContext } from "./tool.ts";

/** Takes output of any length in bounded memory: what is over the limit goes to a file, and only the end is held. */
export interface Spool {
  /** Resolves when there is room for more. */
  write(chunk: Buffer): Promise<void>;
  /** The last `bytes` of the output so far, beginning at a whole character. */
  tail(bytes: number): string;
  /** Bytes of the output so far. */
  size(): number;
  /** Where the full output is, once it went over the limit. */
  file(): string | undefined;
  /** Closes the file, if there is one. Later writes are dropped. */
  finish(): Promise<SpoolEnd>;
}

export interface SpoolEnd {
  /** All of the output, or its end within the limit. */
  text: string;
  lines: number;
  bytes: number;
  /** Where the full output is, if it went over the limit. */
  outputPath?: string;
  /** Set when the file does not hold everything: why. */
  incomplete?: string;
}

type Limits = ToolContext["output"];

/** What a runaway command may put on disk. */
const maximumFileBytes = 100 * 1024 * 1024;

export function createSpool(limits: Limits & { name: string; minimumTail: number }): Spool {
  const keep = Math.max(limits.maxBytes, limits.minimumTail);
  let held: Buffer[] = [];
  let heldBytes = 0;
  let bytes = 0;
  let lines = 0;
  let file: SpoolFile | undefined;
  let closed = false;

  const compact = () => {
    const all = Buffer.concat(held);
    held = [file ? all.subarray(Math.max(0, all.length - keep)) : all];
    heldBytes = held[0]?.length ?? 0;
  };

  return {
    async write(chunk) {
      if (closed) return;
      bytes += chunk.length;
      lines += countNewlines(chunk);
      const isOver = bytes > limits.maxBytes || lines > limits.maxLines;
      const overflow = isOver && !file ? [...held, chunk] : [chunk];
      held.push(chunk);
      heldBytes += chunk.length;
      if (isOver) file ??= openSpoolFile(limits);
      if (heldBytes > 2 * keep || held.length > 1_000) compact();
      if (file) for (const part of overflow) await file.write(part);
    },
    tail: (count) => decodeTail(Buffer.concat(held), count),
    size: () => bytes,
    file: () => file?.result().outputPath,
    async finish() {
      closed = true;
      await file?.close();
      const all = Buffer.concat(held);
      if (!file) return { text: all.toString("utf8"), lines, bytes };
      return { text: lastLines(decodeTail(all, limits.maxBytes), limits.maxLines), lines, bytes, ...file.result() };
    },
  };
}

/** A path for one call's full output that no other call has. */
export function outputFile(directory: string, name: string): string {
  return path.join(directory, `${name.replace(/[^\w-]+/g, "_").slice(0, 60)}-${randomBytes(4).toString("hex")}.txt`);
}

interface SpoolFile {
  write(chunk: Buffer): Promise<void>;
  close(): Promise<void>;
  result(): { outputPath: string; incomplete?: string };
}

function openSpoolFile(limits: Limits & { name: string }): SpoolFile {
  const outputPath = outputFile(limits.directory, limits.name);
  let written = 0;
  let incomplete: string | undefined;
  const opening = openStream(outputPath, (error) => {
    incomplete = `it could not be kept in full: ${error.message}`;
  });
  return {
    async write(chunk) {
      const stream = await opening;
      if (incomplete || !stream || stream.destroyed) return;
      const part = chunk.subarray(0, maximumFileBytes - written);
      written += part.length;
      if (part.length < chunk.length) incomplete = `only the first ${maximumFileBytes / 1024 / 1024} MB were kept`;
      if (!stream.write(part)) await drained(stream);
    },
    async close() {
      const stream = await opening;
      if (!stream || stream.destroyed) return;
      // A failure has been noted by the listener above.
      await finished(stream.end()).catch(() => undefined);
    },
    result: () => ({ outputPath, ...(incomplete ? { incomplete } : {}) }),
  };
}

async function openStream(file: string, onError: (error: Error) => void): Promise<WriteStream | undefined> {
  try {
    await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
    return createWriteStream(file, { flags: "wx", mode: 0o600 }).on("error", onError);
  } catch (error) {
    onError(error instanceof Error ? error : new Error(String(error)));
    return undefined;
  }
}

function drained(stream: WriteStream): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      stream.off("drain", done).off("close", done);
      resolve();
    };
    stream.once("drain", done).once("close", done);
  });
}

function countNewlines(chunk: Buffer): number {
  let count = 0;
  for (let at = chunk.indexOf(10); at !== -1; at = chunk.indexOf(10, at + 1)) count++;
  return count;
}

function decodeTail(all: Buffer, bytes: number): string {
  let start = Math.max(0, all.length - bytes);
  // Bytes 10xxxxxx continue a character that began before the cut.
  while (start > 0 && start < all.length && ((all[start] ?? 0) & 0xc0) === 0x80) start++;
  return all.subarray(start).toString("utf8");
}

function lastLines(text: string, count: number): string {
  const lines = text.split("\n");
  const extra = text.endsWith("\n") ? 1 : 0;
  return lines.slice(-(count + extra)).join("\n");
}
