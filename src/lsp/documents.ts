import { readFile, stat } from "node:fs/promises";
import { pathToFileURL } from "node:url";
import type { Connection } from "./connection.ts";
import { languageOf } from "./language.ts";

/** The documents that are open at a server. They follow the disk: what a command or a person changed must not be judged by an older text. */
export interface Documents {
  /** Opens the file or tells its new text; closes it when it is gone. */
  sync(file: string): Promise<"changed" | "same" | "gone">;
  /** Most recently used first. */
  open(): string[];
}

interface Document {
  version: number;
  state: string;
}

/** Of more, the one not used for longest is closed. */
const maximumOpen = 20;
const maximumBytes = 2 * 1024 * 1024;
const fileChange = { created: 1, changed: 2, deleted: 3 };

/** `onChange` is told of a file before its server is: what was said about the older text is void from then on. */
export function createDocuments({ notify }: Pick<Connection, "notify">, onChange: (file: string) => void): Documents {
  const documents = new Map<string, Document>();
  const close = async (file: string): Promise<void> => {
    documents.delete(file);
    await notify("textDocument/didClose", { textDocument: { uri: toUri(file) } });
  };
  const changedOnDisk = (file: string, type: number) =>
    notify("workspace/didChangeWatchedFiles", { changes: [{ uri: toUri(file), type }] });

  const saved = (uri: string, text: string) => notify("textDocument/didSave", { textDocument: { uri }, text });

  async function open(file: string, { text, state }: Content): Promise<void> {
    const uri = toUri(file);
    documents.set(file, { version: 1, state });
    // The server may not have seen the file come: what imports it is judged anew.
    await changedOnDisk(file, fileChange.created);
    await notify("textDocument/didOpen", { textDocument: { uri, languageId: languageOf(file), version: 1, text } });
    await saved(uri, text);
    for (const oldest of [...documents.keys()].slice(0, -maximumOpen)) await close(oldest);
  }

  async function change(file: string, { text, state }: Content, before: Document): Promise<void> {
    const [uri, version] = [toUri(file), before.version + 1];
    documents.set(file, { version, state });
    await changedOnDisk(file, fileChange.changed);
    await notify("textDocument/didChange", { textDocument: { uri, version }, contentChanges: [{ text }] });
    await saved(uri, text);
  }

  return {
    async sync(file) {
      const known = documents.get(file);
      const state = await stateOf(file);
      if (state === undefined) {
        onChange(file);
        if (known) await close(file);
        await changedOnDisk(file, fileChange.deleted);
        return "gone";
      }
      documents.delete(file);
      if (known?.state === state) {
        documents.set(file, known);
        return "same";
      }
      onChange(file);
      const content = { text: await readFile(file, "utf8"), state };
      await (known ? change(file, content, known) : open(file, content));
      return "changed";
    },
    open: () => [...documents.keys()].reverse(),
  };
}

interface Content {
  text: string;
  state: string;
}

/** Undefined for what is no file, or too large to be judged in time. */
async function stateOf(file: string): Promise<string | undefined> {
  const stats = await stat(file, { bigint: true }).catch(() => undefined);
  return stats?.isFile() && stats.size <= maximumBytes ? `${stats.mtimeNs}:${stats.size}:${stats.ino}` : undefined;
}

export function toUri(file: string): string {
  return pathToFileURL(file).href;
}
