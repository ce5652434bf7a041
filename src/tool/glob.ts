import path from "node:path";
import { z } from "zod";
import description from "./glob.md";
import { globMatcher } from "./glob-pattern.ts";
import { slashes } from "./path.ts";
import { relativeResult, ripgrep } from "./ripgrep.ts";
import { enterSearchRoot } from "./search-root.ts";
import { defineTool, type ToolResult } from "./tool.ts";

const limit = 100;

const input = z.object({
  pattern: z.string().min(1, "must not be empty").describe('The glob that files must match, such as "**/*.ts" or "src/**/*.{js,jsx}"'),
  path: z.string().min(1).optional().describe("The directory to search in (default: the session's directory)"),
});

export const glob = defineTool({
  id: "glob",
  description,
  input,
  repeatable: true,
  async execute({ pattern, path: given }, context): Promise<ToolResult> {
    const split = splitAbsolute(pattern);
    const root = await enterSearchRoot(split.directory ?? given, context, { allowFile: false });
    await context.ask({ permission: "glob", patterns: [pattern], always: ["*"], metadata: { pattern, path: given } });
    const isMatch = globMatcher(split.pattern);
    const found: string[] = [];
    await ripgrep(["--files", "--sortr=modified", "./"], {
      directory: root.directory,
      environment: context.environment,
      signal: context.signal,
      onLine(line) {
        const file = relativeResult(line);
        if (isMatch(file)) found.push(file);
        return found.length <= limit;
      },
    });
    const isCut = found.length > limit;
    const files = found.slice(0, limit).map((file) => path.join(root.target.absolute, file));
    const notes = isCut ? ["", `(More than ${limit} files match; these are the newest. Use a narrower pattern or path.)`] : [];
    const output = files.length === 0 ? "No files found" : [...files, ...notes].join("\n");
    return { title: root.target.relative, output, metadata: { count: files.length, truncated: isCut } };
  },
});

/** An absolute glob is a search below its fixed part. */
function splitAbsolute(pattern: string): { directory?: string; pattern: string } {
  if (!path.isAbsolute(pattern)) return { pattern };
  const parts = slashes(pattern).split("/");
  const first = parts.findIndex((part) => /[*?[{]/.test(part));
  const at = first === -1 ? parts.length - 1 : first;
  return { directory: parts.slice(0, at).join("/") || "/", pattern: `/${parts.slice(at).join("/")}` };
}
