import type { FileContent, FileNode } from "../schema/file.ts";

/** Files of one directory, as clients browse and search them. Every path resolves (symlinks too) inside `root`; outside is ForbiddenError, missing is NotFoundError. */
export interface FileService {
  /** The entries of a directory, directories first, each with whether git ignores it. `path` is relative to the root; "" is the root. */
  list(path: string): Promise<FileNode[]>;
  /** Text exactly as it is on disk (not trimmed), or base64 for binary. Images and other binary carry `mimeType`. Files above 10 MB are refused with PayloadTooLargeError. */
  content(path: string): Promise<FileContent>;
  /** ripgrep over the text. Throws BadRequest for a bad pattern, with ripgrep's reason. At most `limit` matches (1000 unless told). */
  searchText(pattern: string, options?: { limit?: number; signal?: AbortSignal }): Promise<TextMatch[]>;
  /** Fuzzy search over names of files and directories (directories end with "/"), best first. `limit` 1 to 200. Ignored files are left out. */
  searchFiles(
    query: string,
    options?: { type?: "file" | "directory"; dirs?: boolean; limit?: number; signal?: AbortSignal },
  ): Promise<string[]>;
}

export interface TextMatch {
  path: { text: string };
  lines: { text: string };
  line_number: number;
  absolute_offset: number;
  submatches: { match: { text: string }; start: number; end: number }[];
}
