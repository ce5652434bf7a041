import { AppError } from "../schema/error.ts";
import type { FileContent, FileNode, FileSearch, FileStatus, TextMatch } from "../schema/file.ts";
import { readContent } from "./content.ts";
import { topOf } from "./ignored.ts";
import { listDirectory } from "./list.ts";
import { searchFiles } from "./search-files.ts";
import { searchText } from "./search-text.ts";
import { type Changes, fileStatus } from "./status.ts";

export { readIgnoreRules, topOf } from "./ignored.ts";
export { resolveInside } from "./inside.ts";
export { readInstructions } from "./instructions.ts";

/** Files of one directory, as clients browse and search them. Every path resolves (symlinks too) inside `root`; outside is ForbiddenError, missing is NotFoundError. */
export interface FileService {
  /** The entries of a directory, directories first, each with whether git ignores it. `path` is relative to the root; "" is the root. */
  list(path: string): Promise<FileNode[]>;
  /** Text exactly as it is on disk (not trimmed), or base64 for binary. Images and other binary carry `mimeType`. Files above 10 MB are refused with PayloadTooLargeError. */
  content(path: string): Promise<FileContent>;
  /** ripgrep over the text. Throws BadRequest for a bad pattern, with ripgrep's reason. At most `limit` matches (1000 unless told). */
  searchText(pattern: string, options?: { limit?: number; signal?: AbortSignal }): Promise<TextMatch[]>;
  /** Fuzzy search over names of files and directories (directories end with "/"), best first. `limit` 1 to 200, 10 unless told. Ignored files are left out. */
  searchFiles(
    query: string,
    options?: { type?: "file" | "directory"; dirs?: boolean; limit?: number; signal?: AbortSignal },
  ): Promise<string[]>;
  /** One of the two, as the search says: names for `query`, lines for `pattern`. Throws BadRequest for both or none. */
  search(search: FileSearch, signal?: AbortSignal): Promise<string[] | TextMatch[]>;
  /** What git says has changed since the newest commit: of everything, of one file, or of everything below a directory. Unchanged files are not listed. */
  status(path?: string): Promise<FileStatus[]>;
}

export interface FilesOptions {
  /** Absolute. */
  root: string;
  /** The root of the repository it lies in, whose ignore files count too; `/` or nothing outside git. */
  worktree?: string;
  /** The changed files below the root; none unless told. */
  changes?: Changes;
}

export function createFiles({ root, worktree, changes = async () => [] }: FilesOptions): FileService {
  const top = topOf(root, worktree);
  // Outside a repository only ignore files below the root count: nobody's home directory hides a project.
  const scope = top === root ? ["--no-require-git", "--no-ignore-parent"] : [];
  const files: FileService = {
    list: (path) => listDirectory(root, path, { top }),
    content: (path) => readContent(root, path),
    searchText: async (pattern, { limit = 1000, signal } = {}) =>
      searchText(pattern, { directory: root, scope, limit: within(limit, Number.MAX_SAFE_INTEGER), signal }),
    searchFiles: async (query, { type, dirs = true, limit = 10, signal } = {}) =>
      searchFiles(query, { directory: root, scope, type: type ?? (dirs ? undefined : "file"), limit: within(limit, 200), signal }),
    async search({ query, pattern, type, limit }, signal) {
      if (query !== undefined && pattern === undefined) return files.searchFiles(query, { type, limit, signal });
      if (pattern !== undefined && query === undefined) return files.searchText(pattern, { limit, signal });
      throw new AppError("BadRequest", "query: give either a query (for names) or a pattern (for text in files).", { field: "query" });
    },
    status: (path) => fileStatus(root, { path, changes }),
  };
  return files;
}

function within(limit: number, most: number): number {
  if (Number.isInteger(limit) && limit >= 1 && limit <= most) return limit;
  throw new AppError("BadRequest", `The limit is a whole number from 1 to ${most}, not ${limit}.`);
}
