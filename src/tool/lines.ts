import { createReadStream } from "node:fs";

/** A window of a text file's lines, read in bounded memory whatever the file's size. */
export interface LineWindow {
  lines: string[];
  /** All lines of the file. */
  total: number;
  /** Whether the window ended at the byte limit rather than at its number of lines. */
  full: boolean;
}

/** Characters after which a line is cut, with a note in its place. */
export const maximumLine = 2_000;
const lineNote = `... (line cut at ${maximumLine} characters)`;

interface WindowOptions {
  /** The first line, counted from 1. */
  from: number;
  /** At most so many lines, and bytes in all. */
  count: number;
  bytes: number;
}

/** The same window over lines that are held already. */
export function windowOf(lines: string[], { from, count, bytes }: WindowOptions): LineWindow {
  const result: LineWindow = { lines: [], total: lines.length, full: false };
  let size = 0;
  for (const line of lines.slice(from - 1, from - 1 + count)) {
    const text = cut(line);
    size += Buffer.byteLength(text) + 1;
    result.full = size > bytes && result.lines.length > 0;
    if (result.full) break;
    result.lines.push(text);
  }
  return result;
}

/** Reads lines `from` (1-based) on, at most `count` of them and `bytes` in all. Line ends and a byte order mark are left out. */
export async function readLines(file: string, window: WindowOptions & { signal: AbortSignal }): Promise<LineWindow> {
  const result: LineWindow = { lines: [], total: 0, full: false };
  const decoder = new TextDecoder();
  let size = 0;
  let line = "";
  let isOpen = false;
  const close = () => {
    result.total++;
    if (result.total >= window.from && result.lines.length < window.count && !result.full) {
      const text = cut(line);
      size += Buffer.byteLength(text) + 1;
      if (size > window.bytes && result.lines.length > 0) result.full = true;
      else result.lines.push(text);
    }
    line = "";
    isOpen = false;
  };
  const take = (text: string) => {
    const pieces = text.split("\n");
    pieces.forEach((piece, index) => {
      // One more than the maximum shows that it is too long; two more leave room for a carriage return.
      line += piece.slice(0, Math.max(0, maximumLine + 2 - line.length));
      isOpen ||= piece !== "";
      if (index < pieces.length - 1) close();
    });
  };
  for await (const chunk of createReadStream(file, { signal: window.signal })) take(decoder.decode(chunk, { stream: true }));
  take(decoder.decode());
  if (isOpen) close();
  return result;
}

function cut(line: string): string {
  const text = line.endsWith("\r") ? line.slice(0, -1) : line;
  return text.length > maximumLine ? text.slice(0, maximumLine) + lineNote : text;
}
