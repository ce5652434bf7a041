import type { Stats } from "node:fs";
import { readdir, readFile, stat } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";
import { AppError } from "../schema/error.ts";
import { type LineWindow, readLines, windowOf } from "./lines.ts";
import { fileKind } from "./media.ts";
import { missingPath } from "./missing.ts";
import { type NotebookText, readNotebook } from "./notebook.ts";
import { enterPath, errorCode, permissionPatterns, type ToolPath } from "./path.ts";
import description from "./read.md";
import { defineTool, type ToolContext, type ToolResult } from "./tool.ts";

const defaultLines = 2_000;
const previewLines = 20;
const maximumMediaBytes = 10 * 1024 * 1024;
const maximumNotebookBytes = 20 * 1024 * 1024;

const input = z.object({
  filePath: z
    .string()
    .min(1, "must not be empty")
    .describe("The file or directory to read, absolute or relative to the session's directory"),
  offset: z.int().min(1).optional().describe("The first line to read (1 is the first line of the file)"),
  limit: z.int().min(1).optional().describe(`How many lines to read (default ${defaultLines})`),
});

interface Page {
  offset: number;
  limit: number;
}

export const read = defineTool({
  id: "read",
  description,
  input,
  repeatable: true,
  limitsOutput: true,
  async execute({ filePath, offset = 1, limit = defaultLines }, context): Promise<ToolResult> {
    // Full outputs of earlier calls are kept outside the worktree, for this tool to read.
    const target = await enterPath(filePath, context, { kind: "file", alsoInside: [context.output.directory] });
    await context.ask({ permission: "read", patterns: await permissionPatterns(target, context), always: ["*"], metadata: {} });
    const stats = await existing(target);
    const page = { offset, limit: Math.min(limit, Math.max(1, context.output.maxLines)) };
    if (stats.isDirectory()) return readDirectory(target, page);
    if (!stats.isFile()) throw new AppError("BadRequest", `${target.absolute} is a device, pipe or socket, not a file. It cannot be read.`);
    const kind = await fileKind(target.real);
    if (kind.type === "binary") {
      throw new AppError(
        "BadRequest",
        `${target.absolute} is a binary file (${stats.size} bytes); its content is not text. Use a command through the bash tool to inspect it.`,
      );
    }
    // Noted before the content is read: what changes in between will count as unseen.
    await context.files.seen(target.real);
    if (kind.type !== "media") context.lsp?.touch(target.real);
    return kind.type === "media" ? readMedia(target, kind, stats) : readText(target, page, context);
  },
});

async function existing(target: ToolPath): Promise<Stats> {
  try {
    return await stat(target.real);
  } catch (error) {
    if (errorCode(error) === "ENOENT" || errorCode(error) === "ENOTDIR") throw await missingPath(target);
    throw error;
  }
}

async function readText(target: ToolPath, page: Page, context: ToolContext): Promise<ToolResult> {
  const { maxBytes } = context.output;
  const window = { from: page.offset, count: page.limit, bytes: maxBytes };
  const notebook = await notebookIn(target);
  if (!notebook) return describeText(target, page, { ...(await readLines(target.real, { ...window, signal: context.signal })), maxBytes });
  const result = describeText(target, page, { ...windowOf(notebook.lines, window), maxBytes });
  const note =
    "(A notebook, shown cell by cell. The lines are not those of the file, which is JSON: change it with a command, or with edit after you have seen its own lines with grep.)";
  return { ...result, output: `${result.output}\n${note}`, attachments: notebook.attachments };
}

/** The file's notebook if it is one, and not so large that only a part of it should be looked at. */
async function notebookIn(target: ToolPath): Promise<NotebookText | undefined> {
  if (!target.real.endsWith(".ipynb") || (await stat(target.real)).size > maximumNotebookBytes) return undefined;
  return readNotebook(await readFile(target.real, "utf8"));
}

function describeText(target: ToolPath, { offset }: Page, window: LineWindow & { maxBytes: number }): ToolResult {
  const { lines, total, maxBytes } = window;
  if (offset > 1 && offset > total) {
    throw new AppError("BadRequest", `offset ${offset} is past the end of ${target.absolute}, which has ${total} lines.`);
  }
  const last = offset + lines.length - 1;
  const isCut = last < total;
  const reason = window.full ? `Stopped at ${maxBytes} bytes. ` : "";
  const end = isCut
    ? `(${reason}Lines ${offset}-${last} of ${total}. Use offset=${last + 1} to read on.)`
    : `(End of file - total ${total} lines)`;
  const numbered = lines.map((line, index) => `${offset + index}: ${line}`);
  const output = frame(target, "file", ["<content>", ...numbered, "", end, "</content>"]);
  const preview = lines.slice(0, previewLines).join("\n");
  const display = {
    type: "file",
    path: target.absolute,
    text: lines.join("\n"),
    lineStart: offset,
    lineEnd: last,
    totalLines: total,
    truncated: isCut,
  };
  return { title: target.relative, output, metadata: { preview, truncated: isCut, loaded: [], display } };
}

async function readDirectory(target: ToolPath, { offset, limit }: Page): Promise<ToolResult> {
  const found = await readdir(target.real, { withFileTypes: true });
  const all = found.map((entry) => (entry.isDirectory() ? `${entry.name}/` : entry.name)).sort();
  const entries = all.slice(offset - 1, offset - 1 + limit);
  const isCut = offset - 1 + entries.length < all.length;
  const end = isCut
    ? `(${entries.length} of ${all.length} entries. Use offset=${offset + entries.length} to read on.)`
    : `(${all.length} entries)`;
  const output = frame(target, "directory", ["<entries>", ...entries, "", end, "</entries>"]);
  const display = { type: "directory", path: target.absolute, entries, offset, totalEntries: all.length, truncated: isCut };
  const preview = entries.slice(0, previewLines).join("\n");
  return { title: target.relative || ".", output, metadata: { preview, truncated: isCut, loaded: [], display } };
}

async function readMedia(target: ToolPath, kind: { mime: string; name: string }, stats: Stats): Promise<ToolResult> {
  if (stats.size > maximumMediaBytes) {
    throw new AppError(
      "BadRequest",
      `${target.absolute} has ${stats.size} bytes; images and PDF files above ${maximumMediaBytes} cannot be shown.`,
    );
  }
  const url = `data:${kind.mime};base64,${(await readFile(target.real)).toString("base64")}`;
  const output = `${kind.name} read successfully.`;
  const attachments = [{ mime: kind.mime, url, filename: path.basename(target.absolute) }];
  return { title: target.relative, output, metadata: { preview: output, truncated: false, loaded: [] }, attachments };
}

function frame(target: ToolPath, type: string, body: string[]): string {
  return [`<path>${target.absolute}</path>`, `<type>${type}</type>`, ...body].join("\n");
}
