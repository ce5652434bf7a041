import { mkdir, writeFile } from "node:fs/promises";
import { outputFile } from "./spool.ts";
import type { ToolContext, ToolResult } from "./tool.ts";

/**
 * Cuts a result's text to `context.output`: the full text goes to a file, the model gets the beginning and where to find
 * the rest. Attachments are left as they are. `metadata.truncated` is always set, `metadata.outputPath` when it was cut.
 */
export async function limitOutput(result: ToolResult, context: ToolContext): Promise<ToolResult> {
  const { maxLines, maxBytes, directory } = context.output;
  const lines = result.output.split("\n");
  const bytes = Buffer.byteLength(result.output);
  const metadata = { truncated: false, ...result.metadata };
  if (lines.length <= maxLines && bytes <= maxBytes) return { ...result, metadata };
  const outputPath = outputFile(directory, context.callID);
  await mkdir(directory, { recursive: true, mode: 0o700 });
  await writeFile(outputPath, result.output, { mode: 0o600 });
  const output = `${firstBytes(lines.slice(0, maxLines).join("\n"), maxBytes)}\n\n${cutNote({ outputPath, lines: lines.length, bytes, part: "beginning" })}`;
  return { ...result, output, metadata: { ...metadata, truncated: true, outputPath } };
}

/** Tells the model that it sees a part, and how to see the rest. */
export function cutNote(cut: { outputPath: string; lines: number; bytes: number; part: "beginning" | "end"; incomplete?: string }): string {
  const size = `${cut.lines} lines, ${cut.bytes} bytes`;
  const where = cut.incomplete ? `Its file is ${cut.outputPath}, but ${cut.incomplete}` : `All of it is in ${cut.outputPath}`;
  return `(Output cut: this is its ${cut.part}; it has ${size}. ${where}. Search that file with grep, or read parts of it with read and its offset and limit.)`;
}

function firstBytes(text: string, bytes: number): string {
  const all = Buffer.from(text);
  if (all.length <= bytes) return text;
  const whole = all.lastIndexOf(10, bytes);
  let end = whole > bytes / 2 ? whole : bytes;
  // Never in the middle of a character: bytes 10xxxxxx belong to the one before.
  while (end > 0 && ((all[end] ?? 0) & 0xc0) === 0x80) end--;
  return all.subarray(0, end).toString("utf8");
}
