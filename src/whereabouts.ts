import { realpath } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { Database } from "../db/client.ts";
import { memoryDirectory } from "../db/queries/memory.ts";
import { findAsk } from "../db/queries/permission.ts";
import { findQuestion } from "../db/queries/question.ts";
import { findSession } from "../db/queries/session.ts";

/** Finds the path that an id (its directory) or a `file:` URL leads to, symlinks resolved; undefined for an unknown id and any other text. */
export function whereabouts({ orm }: Pick<Database, "orm">): (text: string) => Promise<string | undefined> {
  return async (text) => {
    if (/^file:/i.test(text)) return fileOf(text);
    if (text.startsWith("ses")) return (await findSession(orm, text))?.directory;
    if (text.startsWith("per")) return (await findAsk(orm, text))?.directory;
    if (text.startsWith("mem")) return memoryDirectory(orm, text);
    return text.startsWith("que") ? (await findQuestion(orm, text))?.directory : undefined;
  };
}

async function fileOf(url: string): Promise<string | undefined> {
  try {
    const path = fileURLToPath(url);
    return await realpath(path).catch(() => path);
  } catch (error) {
    // Not a file's address on this machine: nothing can be read by it.
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}
