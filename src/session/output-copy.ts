import { copyFile, link, mkdir, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { MessageWithParts } from "../schema/prompt.ts";

interface OutputCopies {
  /** The messages, naming the copies. */
  messages: MessageWithParts[];
  /** Removes the copies. */
  discard(): Promise<void>;
}

/**
 * Gives a session its own copies of the full tool outputs that its messages name, each session having a directory of its own below `root`:
 * they are still there when the session they came from is deleted. Throws what the file system throws.
 */
export async function copyOutputs(root: string, copies: { from: string; to: string; messages: MessageWithParts[] }): Promise<OutputCopies> {
  const [from, to] = [join(root, copies.from), join(root, copies.to)];
  const text = JSON.stringify(copies.messages);
  const names = (await readdir(from).catch(unlessMissing)).filter((name) => text.includes(name));
  if (names.length === 0) return { messages: copies.messages, discard: async () => {} };
  await mkdir(to, { recursive: true, mode: 0o700 });
  for (const name of names) await copyOne(join(from, name), join(to, name));
  return {
    messages: renamed(copies.messages, from, to) as MessageWithParts[],
    discard: () => rm(to, { recursive: true, force: true }),
  };
}

/** A second name takes no room; where there can be none, a second file. */
async function copyOne(from: string, to: string): Promise<void> {
  await link(from, to).catch(() => copyFile(from, to));
}

/** A value with a path replaced in all its texts. */
function renamed(value: unknown, from: string, to: string): unknown {
  if (typeof value === "string") return value.replaceAll(from, to);
  if (Array.isArray(value)) return value.map((item) => renamed(item, from, to));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, renamed(item, from, to)]));
}

function unlessMissing(error: NodeJS.ErrnoException): string[] {
  if (error.code === "ENOENT") return [];
  throw error;
}
