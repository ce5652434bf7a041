import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { inflate } from "node:zlib";

const expand = promisify(inflate);

/** The files at or below the directory in which the text is, in their bytes, their inflated bytes (as git keeps objects) or their names. */
export async function filesWith(directory: string, text: string): Promise<string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const found: string[] = [];
  for (const entry of entries) {
    const file = join(entry.parentPath, entry.name);
    if (entry.name.includes(text) || (entry.isFile() && (await holds(file, text)))) found.push(file);
  }
  return found;
}

async function holds(file: string, text: string): Promise<boolean> {
  const bytes = await readFile(file);
  if (bytes.includes(text) || bytes.includes(Buffer.from(text, "utf16le"))) return true;
  const expanded = bytes[0] === 0x78 ? await expand(bytes).catch(() => undefined) : undefined;
  return expanded?.includes(text) ?? false;
}
