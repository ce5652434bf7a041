import type { Part } from "../../../../src/client/client.ts";
import type { Draft } from "./draft.ts";

type Source = { value: string; start: number; end: number };
export type PromptFile = {
  type: "file";
  mime: string;
  filename?: string;
  url: string;
  source?: { type: "file"; path: string; text: Source };
};
export type PromptPart = { type: "text"; text: string } | PromptFile | { type: "agent"; name: string; source: Source };

/** What is sent of a draft: its words, the files and agents they name, and what was attached. */
export function promptParts({ text, mentions, files }: Pick<Draft, "text" | "mentions" | "files">, directory: string): PromptPart[] {
  const named = mentions.flatMap((mention) => {
    const source = placeOf(text, `@${mention.name}`);
    if (source === undefined) return [];
    return [
      mention.type === "agent" ? { type: "agent" as const, name: mention.name, source } : fileAt(mention.name, { source, directory }),
    ];
  });
  const words = text.trim() === "" ? [] : [{ type: "text" as const, text }];
  return [...words, ...named, ...attachedFiles(files)];
}

export function attachedFiles(files: Draft["files"]): PromptFile[] {
  return files.map(({ mime, filename, url }) => ({ type: "file", mime, filename, url }));
}

/** What a prompt that was sent names with @, for it to be sent again. */
export function mentionsIn(parts: readonly Part[]): Draft["mentions"] {
  return parts.flatMap((part) => {
    if (part.type === "agent") return { type: "agent" as const, name: part.name };
    const named = part.type === "file" && part.source?.type === "file" ? part.source.text.value : "";
    return named.startsWith("@") ? { type: "file" as const, name: named.slice(1) } : [];
  });
}

/** Where the name stands as a word of its own. */
function placeOf(text: string, value: string): Source | undefined {
  for (let start = text.indexOf(value); start !== -1; start = text.indexOf(value, start + 1)) {
    const end = start + value.length;
    if (end === text.length || /[\s.,;:!?)]/.test(text[end] ?? "")) return { value, start, end };
  }
  return undefined;
}

function fileAt(path: string, { source, directory }: { source: Source; directory: string }): PromptFile {
  const isFolder = path.endsWith("/");
  const url = new URL("file:///");
  const root = directory.replaceAll("\\", "/").replace(/^([^/])/, "/$1");
  url.pathname = `${root.replace(/\/$/, "")}/${path}`.replaceAll("%", "%25").replaceAll("?", "%3F").replaceAll("#", "%23");
  const mime = isFolder ? "application/x-directory" : "text/plain";
  return { type: "file", mime, filename: path, url: url.href, source: { type: "file", path, text: source } };
}
