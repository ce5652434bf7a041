import { z } from "zod";
import { Range } from "./part.ts";

export const FileNode = z
  .object({ name: z.string(), path: z.string(), absolute: z.string(), type: z.enum(["file", "directory"]), ignored: z.boolean() })
  .meta({ id: "FileNode" });
export type FileNode = z.infer<typeof FileNode>;

export const FileContent = z
  .object({
    type: z.enum(["text", "binary"]),
    content: z.string(),
    diff: z.string().optional(),
    patch: z
      .object({
        oldFileName: z.string(),
        newFileName: z.string(),
        oldHeader: z.string().optional(),
        newHeader: z.string().optional(),
        hunks: z.array(
          z.object({
            oldStart: z.int().min(0),
            oldLines: z.int().min(0),
            newStart: z.int().min(0),
            newLines: z.int().min(0),
            lines: z.array(z.string()),
          }),
        ),
        index: z.string().optional(),
      })
      .optional(),
    encoding: z.literal("base64").optional(),
    mimeType: z.string().optional(),
  })
  .meta({ id: "FileContent" });
export type FileContent = z.infer<typeof FileContent>;

export const FileStatus = z
  .object({ path: z.string(), added: z.int().min(0), removed: z.int().min(0), status: z.enum(["added", "deleted", "modified"]) })
  .meta({ id: "File" });
export type FileStatus = z.infer<typeof FileStatus>;

export const WorkspaceSymbol = z
  .object({ name: z.string(), kind: z.int().min(0), location: z.object({ uri: z.string(), range: Range }) })
  .meta({ id: "Symbol" });
export type WorkspaceSymbol = z.infer<typeof WorkspaceSymbol>;

const count = z.int().min(0);
const text = z.object({ text: z.string() });

/** A line with what matched in it. Offsets are bytes, as ripgrep counts. */
export const TextMatch = z.object({
  path: text,
  lines: text,
  line_number: count,
  absolute_offset: count,
  submatches: z.array(z.object({ match: text, start: count, end: count })),
});
export type TextMatch = z.infer<typeof TextMatch>;

/** Names that resemble `query`, or lines that match `pattern`: one of the two. */
export const FileSearch = z.object({
  query: z.string().optional(),
  pattern: z.string().optional(),
  type: z.enum(["file", "directory"]).optional(),
  limit: z.int().min(1).max(200).optional(),
});
export type FileSearch = z.infer<typeof FileSearch>;
